"""E-mail through the mail server that HUIYIN_MAIL names, by Django's own mail settings."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from huiyin.channels.sending.letters import Letter, NotTaken

SECONDS = 20


class Smtp:
    """One connection a letter: a few codes a minute need no more."""

    knows_keys = False  # servers keep two messages with one Message-ID as two

    def deliver(self, letter: Letter) -> str:
        """The Message-ID. Raises `NotTaken` when the server answered no, or was never reached."""
        connection = get_connection(timeout=SECONDS)
        name = f"<{letter.key.replace(':', '.')}@{settings.EMAIL_SENT_BY}>"
        message = EmailMessage(
            letter.subject,
            letter.text,
            settings.DEFAULT_FROM_EMAIL,
            [letter.to],
            headers={"Message-ID": name, "Auto-Submitted": "auto-generated"},
            connection=connection,
        )
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as fault:
            raise NotTaken(type(fault).__name__, permanent=False) from fault
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as fault:
            codes = [code for code, _words in fault.recipients.values()]
            raise NotTaken(str(codes), permanent=all(code >= 500 for code in codes)) from fault
        except smtplib.SMTPResponseException as fault:
            raise NotTaken(str(fault.smtp_code), permanent=fault.smtp_code >= 500) from fault
        finally:
            connection.close()
        return name
