"""What the kernel remembers: which profile rows were loaded, and how they read then."""

from django.db import models


class ProfileRow(models.Model):
    """One row of a profile as it was last loaded: tells an operator's change from the profile's."""

    table = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    loaded_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "key"], name="kernel_profile_row_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
