"""Units and people, and how the ledger stands; both to be read only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import Role
from huiyin.ledger.standing import standing
from huiyin.organisation.directory import directory
from huiyin.web.staff import staff

COMMANDS = (
    ("huiyin user create li-bai --name 李白", _("新建账号；密码显示一次")),
    ("huiyin user password li-bai", _("设新密码")),
    ("huiyin user disable li-bai", _("停用账号，已登录的随即退出")),
    ("huiyin user reset-second-factor li-bai", _("清除丢失的第二步验证")),
    ("huiyin user list", _("列出账号")),
    ("huiyin profile load", _("改过单位、岗位、职责的表以后，重新装入；不会覆盖您手工改过的")),
)
COPY_STATES = {
    "agrees": ("done", _("和库里的账本头一致")),
    "missing": ("soon", _("还没有；下一条记录排好序就会写出")),
    "unreadable": ("late", _("读不懂，可能被改过")),
    "forged": ("late", _("验证码不符，被改过")),
    "ahead": ("late", _("比库里的还多，库里少了末尾的记录")),
    "differs": ("late", _("和库里的历史不符，历史被改写过")),
}


@staff(Role.ADMINISTRATOR)
def office(request: HttpRequest) -> HttpResponse:
    """Units with their posts and liaisons, and the commands by which they are changed."""
    return render(request, "keeping/office.html", {"entries": directory(), "commands": COMMANDS})


@staff(Role.AUDITOR)
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger's head, the copy beside the database, and what waits to be put in order."""
    found = standing()
    tone, words = COPY_STATES[found.copy_state]
    values = {"standing": found, "copy_tone": tone, "copy_words": words}
    return render(request, "keeping/ledger.html", values)
