"""Where `huiyin serve` listens, written down in its home so that the doctor can ask whether it answers."""

import http.client
import json
from dataclasses import asdict, dataclass
from pathlib import Path

SERVING = "serve.json"
PATIENCE = 10.0  # seconds for one page


@dataclass(frozen=True)
class Address:
    """A host and port as seen from this machine."""

    host: str
    port: int

    @classmethod
    def of(cls, host: str, port: int) -> "Address":
        """What a listener on host and port is called from here."""
        return cls("127.0.0.1" if host in {"0.0.0.0", "::"} else host, port)  # noqa: S104 — not binding

    @classmethod
    def read(cls, home: Path) -> "Address | None":
        """The address written down in a home; None when nothing is, or nothing readable."""
        try:
            return cls(**json.loads((home / SERVING).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, home: Path) -> None:
        """Write it down; a `serve` that ends otherwise than by being told leaves it behind."""
        (home / SERVING).write_text(json.dumps(asdict(self)), encoding="utf-8")

    def __str__(self) -> str:
        return f"http://{self.host}:{self.port}"

    def answers(self) -> bool:
        """Whether the first page comes, and is no fault."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def forget(home: Path) -> None:
    """Nothing serves this home any more, and nothing should."""
    (home / SERVING).unlink(missing_ok=True)
