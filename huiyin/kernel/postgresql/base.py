"""Whether a kept connection still lives is seen at its socket: asking the server costs a round trip each time."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own in all but one question."""

    def is_usable(self) -> bool:
        """Whether the connection can go on. A server that has ended or hung up has left word at the socket.

        Only then, and after a fault, is it asked. A network that has died unnoticed shows at the next statement, as it
        would at a question asked beforehand.
        """
        kept = self.connection
        if kept is None or kept.closed or self.errors_occurred or _has_word(kept.fileno()):
            return super().is_usable()
        return True


def _has_word(socket: int) -> bool:
    """Whether something has come that nobody asked for: an end, or a notice."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
