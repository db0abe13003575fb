"""Log lines without personal data: what a database or a parser repeats of its input is covered."""

import logging
import re

LONG_NUMBER = re.compile(r"\d[\d\- ]{5,}\d")  # phones, identity numbers, cards, case numbers
REPEATED_INPUT = re.compile(r"^(DETAIL|LINE \d+|CONTEXT|Failing row contains):?.*$", re.MULTILINE)


class Masked(logging.Formatter):
    """A formatter that covers long numbers, and the lines in which a database repeats the values of a row."""

    def format(self, record: logging.LogRecord) -> str:
        stamp = self.formatTime(record, self.datefmt) if self.usesTime() else ""
        line = super().format(record)
        rest = line[len(stamp) :] if stamp and line.startswith(stamp) else line
        return line[: len(line) - len(rest)] + LONG_NUMBER.sub("•••", REPEATED_INPUT.sub(r"\1: •••", rest))
