"""What the index is kept in: a shelf of entries for the office, one for the public, and how far each has been read.

An entry's words lie beside it, in a column that only PostgreSQL has or in a table that only SQLite has
(`index.py`); a word that stands there leads to the entry's place, and places rise with time.
"""

from django.db import models

from huiyin.cases.models import Case


class Entry(models.Model):
    """One case on a shelf. `place` is its minute and its case's key in one number, so that places are in order."""

    place = models.BigIntegerField(primary_key=True)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=16, help_text="of what was cut into words")

    class Meta:
        abstract = True


class OfficeEntry(Entry):
    """By title, redacted text and place, for those of the office who may see the case; by the minute received."""


class PublicEntry(Entry):
    """By what was published of the case, for anybody; by the minute of its publication."""


class Reading(models.Model):
    """How far a shelf has followed the ledger, and, while it is built, how far through the cases that has come."""

    shelf = models.CharField(max_length=20, primary_key=True)
    position = models.BigIntegerField(help_text="of the last event that was read")
    built_to = models.BigIntegerField(
        null=True, help_text="the last case put on the shelf while it is built; empty when it stands"
    )

    def __str__(self) -> str:
        return self.shelf
