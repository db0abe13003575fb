"""A folder instead of a gateway, for the demonstration and for trying out: nothing leaves the machine."""

import os
from pathlib import Path

from huiyin.channels.sending.letters import Letter, NotTaken


class Folder:
    """Writes each letter into a file of its own that only the owner of the process reads."""

    knows_keys = True  # a file that is there already is the letter that was delivered

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, letter: Letter) -> str:
        """The name of the file. Raises `NotTaken` when the folder cannot be written."""
        place = self.folder / f"{letter.key.replace(':', '-')}.txt"
        beside = place.with_suffix(".new")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write("\n".join(filter(None, (letter.to, letter.subject, letter.text))) + "\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
        except OSError as fault:
            raise NotTaken(str(fault), permanent=False) from fault
        return place.name
