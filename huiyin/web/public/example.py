"""An invented matter for the home page: shows before the first word is typed what will happen to it."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from huiyin.kernel import clock as wall
from huiyin.web.components.clock import Clock
from huiyin.web.components.timeline import Event
from huiyin.web.components.turn import Turn

DAY = timedelta(days=1)


def example() -> dict:
    """Turn, clock and events of a street lamp that does not burn, seen two days after it was told."""
    now = wall.now()
    told = now - 2 * DAY
    due = datetime.combine(wall.local_date(told) + 6 * DAY, time.min, wall.zone())
    return {
        "turn": Turn(name=_("城市管理局"), since=told + timedelta(hours=1), note=_("办理并答复")),
        "clock": Clock(started=told, due=due),
        "events": [
            Event(told, _("收到您的诉求：巷口路灯不亮"), by=_("网页")),
            Event(told + timedelta(hours=1), _("交给城市管理局，五个工作日内答复您"), by=_("分办员")),
            Event(now - timedelta(hours=3), _("维修班看过现场，灯头已订，后天换上"), by=_("城市管理局")),
        ],
    }
