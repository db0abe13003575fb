"""How few people are too few to be told of."""

LEAST = 5  # of fewer, somebody of the place may guess who it was


def tells_few(part: int, rest: int) -> bool:
    """Whether a part that is told apart from the rest is one to four, or leaves one to four."""
    return part > 0 and (part < LEAST or 0 < rest < LEAST)
