"""A connection that has met a fault is not kept: what it knows of the file may be of a disk that was full or away.

Opening one reads the shapes of all tables, and whoever closes last empties the log to the disk: too much to be done
for every request. But the connections of one process share what SQLite knows of the log, until the last of them is
closed. So after a fault of one all are opened anew, also those of threads that wait for their next request.
"""

import threading
import weakref
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connections
from django.db.backends.sqlite3 import base

_lock = threading.RLock()  # around what one thread may do to another's connection while that rests
_faults = 0  # met by any connection of this process
_opened: "weakref.WeakSet[DatabaseWrapper]" = weakref.WeakSet()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own in all but how long a connection is kept."""

    resting = False  # between two requests of its thread
    _met = 0  # of the faults, those before this connection was opened
    _failed = False  # something was undone after a fault: undoing it wipes Django's own note

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file."""
        with _lock:
            self._met = _faults
            _opened.add(self)
        return super().get_new_connection(conn_params)

    def rollback(self) -> None:
        """Undo the transaction."""
        self._failed = self._failed or self.errors_occurred
        super().rollback()

    def close_if_unusable_or_obsolete(self) -> None:
        """Close what is too old, and what was open when something failed here or in another thread."""
        with _lock:
            if self.errors_occurred or self._failed:
                self.errors_occurred = self._failed = False
                _open_anew()
            if self.connection is not None and not self.in_atomic_block and self._met != _faults:
                self.close()
                return
            super().close_if_unusable_or_obsolete()

    def let_go(self) -> None:
        """Close the connection from any thread, under the lock, while its own rests."""
        kept, self.connection = self.connection, None
        if kept is not None:
            kept.close()


def _open_anew() -> None:
    """Let every connection of this process be opened anew; those that rest are closed at once."""
    global _faults  # noqa: PLW0603 - one process, one file
    _faults += 1
    for each in list(_opened):
        if each.resting and not each.in_atomic_block:
            each.let_go()


def _rest(*, resting: bool) -> None:
    for each in connections.all(initialized_only=True):
        if isinstance(each, DatabaseWrapper):
            with _lock:
                each.resting = resting


def _wake(**_signal: object) -> None:
    _rest(resting=False)


def _go_to_rest(**_signal: object) -> None:
    _rest(resting=True)


request_started.connect(_wake, dispatch_uid="huiyin.sqlite.wake")
request_finished.connect(_go_to_rest, dispatch_uid="huiyin.sqlite.rest")
