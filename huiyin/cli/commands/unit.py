"""huiyin unit: what has to be done when a unit is merged or split."""

import argparse
from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.cases.succession import take_over_all
from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

NAME = "unit"
HELP = _("单位撤并：把在办工单交给后继单位")
BY = Actor.system("cli")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A verb, then whose work and to whom."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=_("动作"))
    take_over = verbs.add_parser("take-over", help=_("把一个已撤并单位的在办工单逐件交给后继单位"))
    take_over.add_argument("code", help=_("已撤并单位的编码"))
    take_over.add_argument("--to", metavar="CODE", help=_("承继单位的编码；不给则按资料里的后继单位"))
    add_json(take_over)


def find(code: str) -> Unit:
    """The unit. Raises Refused if there is none."""
    try:
        return Unit.objects.select_related("successor").get(code=code)
    except Unit.DoesNotExist:
        raise Refused(_("没有编码为 {code} 的单位。").format(code=code), code="unit") from None


def run(options: argparse.Namespace) -> int:
    """Take over, one by one; whatever stays is named with its reason, and running it again tries only that."""
    to = find(options.to) if options.to else None
    moved, stayed = 0, []
    for order, refusal in take_over_all(find(options.code), by=BY, to=to):
        if refusal is None:
            moved += 1
        else:
            stayed.append({"case": named(order.case), "why": str(refusal)})
    show({"moved": moved, "stayed": stayed}, as_text=not options.json)
    return EXIT.PROBLEMS if stayed else EXIT.DONE


def named(case: Case) -> str:
    """The number of a case that stays; a report's is not printed (decision 0018), its desk finds it in its list."""
    return _("一件举报") if case.nature == Case.Nature.REPORT else case.number


def show(found: dict[str, Any], *, as_text: bool) -> None:
    """Print what was done."""
    if not as_text:
        print(as_json(found))
        return
    print(_("已承继 {n} 张工单。").format(n=found["moved"]))
    for row in found["stayed"]:
        print(f"{row['case']}  {row['why']}")
