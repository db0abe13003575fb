"""Who keeps templates, who fills them, and what of the figures each may read: the whole of it on this page."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT, UNIT, Role
from huiyin.analytics.own import WORK
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.queries import paths_above
from huiyin.workbooks.models import Template

KEEPERS = frozenset({Role.SUPERVISOR})
FILLERS = frozenset({*OVERSIGHT, *UNIT})


def keeps(by: Actor) -> bool:
    """Whether the actor uploads, tests, activates and retires templates: those of the own unit."""
    return by.role in KEEPERS and by.post is not None


def require_keeper(by: Actor) -> None:
    """Raise PermissionDenied for whoever keeps no templates."""
    if not keeps(by):
        raise PermissionDenied(_("报表模板由督办员上传和启用。"))


def require_filler(by: Actor) -> None:
    """Raise PermissionDenied for whoever fills no templates."""
    if by.role not in FILLERS or by.post is None:
        raise PermissionDenied(_("您的岗位不能填报表。"))


def kept(by: Actor) -> QuerySet[Template]:
    """Every version of the templates that the actor keeps."""
    return Template.objects.filter(unit=by.post.unit_id) if keeps(by) and by.post else Template.objects.none()


def fillable(by: Actor) -> QuerySet[Template]:
    """The templates in use that the actor may fill: of units that stand over the actor's place."""
    if by.role not in FILLERS or by.post is None:
        return Template.objects.none()
    above = [*paths_above(by.post.unit.region.path), by.post.unit.region.path]
    return Template.objects.filter(state=Template.State.ACTIVE, unit__region__path__in=above)


# -- figures ---------------------------------------------------------------------------------------------------
def reads_figure(by: Actor, name: str) -> bool:
    """Whether a figure of the catalogue is for the actor: a unit reads its work, and no rating (analytics.own)."""
    return by.role in OVERSIGHT or name in WORK


def reads_ratings(by: Actor) -> bool:
    """Whether ratings are for the actor: not for who works in a unit under any post (decision 0030).

    They are those of the whole place, which are published; who oversees a part of it reads none.
    """
    if by.role not in OVERSIGHT or by.user is None or by.unit is None:
        return False
    if by.unit.region_id != organisation.root().pk:
        return False
    return not organisation.posts_of(by.user, organisation.today()).filter(role__in=UNIT).exists()
