"""How few people are too few to be told of."""

LEAST = 5  # of fewer, somebody of the place may guess who it was
