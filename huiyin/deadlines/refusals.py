"""What this room refuses, in sentences for whoever reads them."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.refusals import Refused


class UnknownYear(Refused):
    """A deadline would need the working-day table of a year that nobody has loaded yet."""

    def __init__(self, year: int) -> None:
        """Say which year is missing and the exact command that loads it."""
        super().__init__(
            format_lazy(_("没有 {year} 年的工作日历，期限算不出来。"), year=year),
            code="unknown-year",
            instead=format_lazy(
                _("请把国务院办公厅该年放假通知写成文件，再运行：huiyin calendar load {file}"),
                file=f"{year}.toml",
            ),
        )
        self.year = year
