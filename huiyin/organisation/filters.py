"""Filters that somebody keeps under a name: few, their own, and told apart by the name."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiyin.kernel.composed import Composed
from huiyin.kernel.refusals import Refused
from huiyin.organisation.models import Post, SavedFilter

MOST = 12
NAME, QUERY = 20, 300  # letters, as the table has room for


FILTERS_OF: Composed[SavedFilter] = Composed(
    lambda post: SavedFilter.objects.filter(post=post).order_by("pk")
)


def filters_of(post: Post) -> list[SavedFilter]:
    """What is kept under a post, in the order in which it was kept."""
    return FILTERS_OF(post=post.pk)


def keep_filter(post: Post, *, name: str, query: str) -> SavedFilter:
    """Keep a query under a name; under a name that is known, the new one takes the old one's place.

    Raises `Refused` without a name, with one too long, or when there are as many as a row of buttons can hold.
    """
    called = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not called:
        raise Refused(_("请给这个筛选起个名字。"), code="name")
    if len(called) > NAME or len(query) > QUERY:
        raise Refused(_("名字太长了，请不要超过 %(n)d 个字。") % {"n": NAME}, code="too_long")
    with transaction.atomic():
        Post.objects.select_for_update().get(pk=post.pk)  # two windows of one person keep one after the other
        kept = SavedFilter.objects.filter(post=post)
        if kept.count() >= MOST and not kept.filter(name=called).exists():
            raise Refused(
                ngettext(
                    "最多存 %(n)d 个筛选。请先删去一个用不着的。",
                    "最多存 %(n)d 个筛选。请先删去一个用不着的。",
                    MOST,
                )
                % {"n": MOST},
                code="too_many",
            )
        return SavedFilter.objects.update_or_create(post=post, name=called, defaults={"query": query})[0]


def drop_filter(post: Post, key: int) -> None:
    """Forget one; nothing happens when it is not there, or somebody else's."""
    SavedFilter.objects.filter(post=post, pk=key).delete()
