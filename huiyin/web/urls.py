"""Addresses of the pages. Each audience has its own file of addresses, included here under its name."""

from django.conf import settings
from django.urls import include, path

from huiyin.web.components import showcase
from huiyin.web.look import choose
from huiyin.web.public import views as public
from huiyin.web.staff import work

urlpatterns = [
    path("", public.home, name="home"),
    path("", include("huiyin.web.citizen.urls")),
    path("", include("huiyin.web.public.urls")),
    path("look/", choose, name="look"),
    path("work/", work, name="work"),
    path("work/desk/", include("huiyin.web.desk.urls")),
    path("work/search/", include("huiyin.web.search.urls")),
    path("work/unit/", include("huiyin.web.unit.urls")),
    path("work/supervision/", include("huiyin.web.supervisor.urls")),
    path("work/ladder/", include("huiyin.web.ladder.urls")),
    path("work/monitor/", include("huiyin.web.monitor.urls")),
    path("work/feedback/", include("huiyin.web.feedback.urls")),
    path("work/today/", include("huiyin.web.cockpit.urls")),
    path("work/assessment/", include("huiyin.web.assessment.urls")),
    path("work/bulletins/", include("huiyin.web.bulletins.urls")),
    path("work/workbooks/", include("huiyin.web.workbooks.urls")),
    path("work/exports/", include("huiyin.web.exports.urls")),
    path("work/keeping/", include("huiyin.web.keeping.urls")),
    path("work/cases/", include("huiyin.web.cases.urls")),
    path("accounts/", include("huiyin.web.signing.urls")),
]

if settings.DEBUG or settings.HUIYIN_DEMONSTRATION:
    urlpatterns += [path("components/", showcase.components, name="components")]
