"""Ratings given before: the local day on which each was given, and the unit whose work it judges."""

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from huiyin.kernel.clock import local_date

AT_ONCE = 2_000


def fill(apps, schema_editor):
    """Day by day of each rating's own moment; the unit from the answers, in one statement for each batch."""
    Rating = apps.get_model("evaluation", "Rating")
    Answer = apps.get_model("cases", "Answer")

    def first(**answered):
        given = Answer.objects.filter(**answered).exclude(state="returned")
        return Subquery(given.order_by("point__ordinal", "pk").values("unit")[:1])

    unit = Coalesce(
        first(case=OuterRef("case"), round=OuterRef("round")),
        first(case=OuterRef("case__parent"), round=OuterRef("case__parent__round")),
    )
    after = 0
    while rows := list(Rating.objects.filter(pk__gt=after).order_by("pk").annotate(led=unit)[:AT_ONCE]):
        for row in rows:
            row.on, row.unit_id = local_date(row.at), row.led
        Rating.objects.bulk_update(rows, ["on", "unit"])
        after = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0002_call_backs"), ("cases", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
