"""What stands in every row of a list is put together here: as safely as Django does it, and quicker."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.safestring import SafeString


def put(form: str, *values: Any) -> SafeString:
    """`format_html` for what stands in every row: it escapes alike, in a third of the time.

    Django's first asks of every value, three times over, whether it is a sentence still to be translated.
    """
    return SafeString(
        form.format(*[each if type(each) is SafeString else escape(str(each)) for each in values])
    )


def put_each(form: str, rows: Iterable[tuple[Any, ...]]) -> SafeString:
    """The same for each of these, one after another."""
    return SafeString("".join(put(form, *values) for values in rows))
