"""The acts of this room."""

from huiyin.supervision.actions.contest import appeal, decide, exempt
from huiyin.supervision.actions.dismiss import dismiss
from huiyin.supervision.actions.inspect import hide, inspect
from huiyin.supervision.actions.issue import issue
from huiyin.supervision.actions.read import read
from huiyin.supervision.actions.reply import accept, reply, send_back, withdraw
from huiyin.supervision.actions.take_on import end, progress
from huiyin.supervision.actions.talk import hold
from huiyin.supervision.issuing import RungIn

__all__ = [
    "RungIn",
    "accept",
    "appeal",
    "decide",
    "dismiss",
    "end",
    "exempt",
    "hide",
    "hold",
    "inspect",
    "issue",
    "progress",
    "read",
    "reply",
    "send_back",
    "withdraw",
]
