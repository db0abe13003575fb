"""The acts of this room."""

from huiyin.evaluation.actions.rate import rate

__all__ = ["rate"]
