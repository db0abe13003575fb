"""Under which post somebody sits at the desk: read from the session on every request, changed by one tap."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from huiyin.accounts.models import User
from huiyin.organisation import backends, queries
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

CHOSEN = "post"  # the session's key for the id of the chosen post


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.actor` (None when nobody of the office is signed in) and `request.posts` (all of theirs).

    One query for somebody signed in, none for a citizen. Somebody without a valid post has no actor.
    """

    def seat(request: HttpRequest) -> HttpResponse:
        held, today = held_by(request), queries.today()
        request.posts = queries.in_standing_units(held, today)  # type: ignore[attr-defined]
        request.actor = _actor(request, request.posts, held)  # type: ignore[attr-defined]
        return get_response(request)

    return seat


def held_by(request: HttpRequest) -> list[Post]:
    """Every post that whoever is signed in holds today, also in units that have ended."""
    if not request.user.is_authenticated:
        return []
    held: list[Post] | None = getattr(request.user, backends.READ_WITH, None)
    return list(queries.held_by(request.user, queries.today())) if held is None else held


def _actor(request: HttpRequest, posts: list[Post], held: list[Post]) -> Actor | None:
    chosen = request.session.get(CHOSEN) if posts else None
    post = next((post for post in posts if post.pk == chosen), posts[0] if posts else None)
    return Actor.of(post, held=held) if post else None


@require_POST
@login_required
def take_post(request: HttpRequest) -> HttpResponse:
    """Sit down under another of one's own posts (form field "post": its id), then go back to "next"."""
    posts = queries.posts_of(cast(User, request.user), queries.today())
    chosen = request.POST.get("post", "")
    post = get_object_or_404(posts, pk=int(chosen) if chosen.isdecimal() and chosen.isascii() else 0)
    request.session[CHOSEN] = post.pk
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"
