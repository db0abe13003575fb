"""The limit: a Django view without anything, that inserts one row and commits. Served by `benchmarks.serve` alone."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import env

# Django's own, with one connection that is kept for ever and never looked at.
BARE = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={"default": {**env.postgresql(os.environ["HUIYIN_DATABASE"]), **BARE}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        MIDDLEWARE=[],
        ROOT_URLCONF=__name__,
        SECRET_KEY="only a measure",  # noqa: S106 — nothing is signed with it
        USE_TZ=True,
    )
django.setup()


class Row(models.Model):
    """Somebody's words and nothing more."""

    text = models.TextField()

    class Meta:
        app_label = "limit"
        db_table = "limit_row"


def insert(request: HttpRequest) -> HttpResponse:
    """Store the body."""
    Row.objects.create(text=request.body.decode())
    return HttpResponse(status=302, headers={"Location": "/", "Content-Length": "0"})


def make_table() -> None:
    """The table of the only model, once."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS limit_row (id bigserial PRIMARY KEY, text text NOT NULL)")


urlpatterns = [path("", insert)]
make_table()
application = get_wsgi_application()
