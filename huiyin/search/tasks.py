"""What the worker does for this room."""

from huiyin.search import following
from huiyin.search.office import OFFICE


def keep_up() -> None:
    """Bring the office's shelf up to the ledger's order."""
    following.keep_up(OFFICE)
