"""How few people are too few to be told of."""

LEAST = 5  # of fewer, somebody of the place may guess who it was


def any_few(*counts: float) -> bool:
    """Whether one of some counts, or of the steps between two of them, is one to four."""
    return any(0 < abs(each) < LEAST for each in counts)


def tells_few(part: int, rest: int) -> bool:
    """Whether a part that is told apart from the rest is one to four, or leaves one to four."""
    return part > 0 and (part < LEAST or 0 < rest < LEAST)
