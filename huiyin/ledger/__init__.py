"""The ledger: every act as one event that nobody can change unseen.

`record` and `build` are in `huiyin.ledger.writing`, and can be taken from here.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huiyin.ledger.writing import build, record

__all__ = ["build", "record"]


def __getattr__(name: str) -> Any:
    """Hand out the two writers once Django has loaded its rooms, which import this package first."""
    if name not in __all__:
        raise AttributeError(name)
    from huiyin.ledger import writing

    return getattr(writing, name)
