"""`--profile`: a command that works on another place's data than the environment names."""

import os
from importlib import import_module

from django.conf import settings

from huiyin.cli.frame import set_up
from huiyin.cli.words import _
from huiyin.kernel.refusals import Refused


def go_to(profile: str) -> None:
    """Set the house up on the data of a profile; "" leaves it to the environment.

    Where HUIYIN_HOME is set, the data lie there all the same. Raises Refused when another place is set up already.
    """
    if profile:
        if settings.configured and profile != settings.HUIYIN_PROFILE:
            raise Refused(_("这里已经在用另一份资料，没有换成它。"), code="profile")
        os.environ["HUIYIN_PROFILE"] = profile
    set_up()


def require_loaded(profile: str) -> None:
    """Raise Refused when there is no such profile, or its data are not in this home."""
    known = sorted(folder.name for folder in settings.HUIYIN_PROFILES.iterdir() if folder.is_dir())
    if profile and profile not in known:
        raise Refused(
            _("没有名叫“{name}”的资料。").format(name=profile),
            code="no_profile",
            instead=_("这里有的资料：{names}").format(names=" · ".join(known)),
        )
    place = import_module("huiyin.organisation.place")  # reads models, so only now
    if profile and not place.is_loaded():
        raise Refused(
            _("还没有装入“{name}”的资料，没有可统计的数据。").format(name=profile),
            code="not_loaded",
            instead=_("请先运行：huiyin demo --profile {name}").format(name=profile),
        )
