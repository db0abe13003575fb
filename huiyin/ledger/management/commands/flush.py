"""Django's `flush`, except that it empties a ledger only in a test database."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections

from huiyin.ledger import guards
from huiyin.ledger.head import head_file


class Command(flush.Command):
    """Empty a test database; refuse any other, whose ledger is not to be emptied."""

    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if not Path(str(connection.settings_dict["NAME"])).name.startswith("test"):
            raise CommandError("A ledger is append-only and is not flushed. Start a new HUIYIN_HOME instead.")
        guards.lift(connection)
        try:
            super().handle(**options)
        finally:
            guards.install(connection)
        head_file().unlink(missing_ok=True)
