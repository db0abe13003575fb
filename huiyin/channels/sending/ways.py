"""Which ways out this installation has: e-mail by HUIYIN_MAIL, short messages by HUIYIN_SMS; without one, none."""

from django.conf import settings

from huiyin.channels.mail.smtp import Smtp
from huiyin.channels.sending.folder import Folder
from huiyin.channels.sending.letters import WayOut
from huiyin.channels.sms.gateway import Gateway

MAIL, SMS = "mail", "sms"


def way(channel: str) -> WayOut | None:
    """The way out of this channel; None where the installation has none."""
    chosen = {MAIL: settings.HUIYIN_MAIL["way"], SMS: settings.HUIYIN_SMS}[channel]
    if chosen == "folder":
        return Folder(settings.HUIYIN_HOME / "outbox" / channel)
    if chosen.startswith("http"):
        return Gateway(chosen, token=settings.HUIYIN_SMS_TOKEN)
    return Smtp() if chosen == "smtp" else None


def ways() -> list[str]:
    """The channels by which something can go out."""
    return [channel for channel in (SMS, MAIL) if way(channel) is not None]


def is_only_tried(channel: str) -> bool:
    """Whether what goes out here stays in a folder of this machine."""
    return isinstance(way(channel), Folder)
