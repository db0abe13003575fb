"""People of the office who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who signs in; what they may do hangs on their posts (organisation), never on the user."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("办公电话"), max_length=30, blank=True)

    REQUIRED_FIELDS = ["name"]

    def get_full_name(self) -> str:
        """The name shown to colleagues."""
        return self.name or self.username

    def get_short_name(self) -> str:
        """The same: Chinese names have no short form."""
        return self.get_full_name()

    def __str__(self) -> str:
        return self.get_full_name()
