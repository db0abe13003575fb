"""What every page of the office begins with: somebody signed in, sitting under a post, in a fitting role."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huiyin.web import faults
from huiyin.web.navigation import OFFICE

View = Callable[..., HttpResponse]


def staff(*roles: str) -> Callable[[View], View]:
    """Let only people of the office in, in one of the roles if any are named.

    Nobody signed in goes to the sign-in page and comes back; somebody without a valid post is told what to do.
    What the office sees stays in no browser: its computers are shared.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            actor = request.actor
            if actor is None:
                return render(request, "desk/no_post.html", status=403)
            if roles and actor.role not in roles:
                raise PermissionDenied(_("您的岗位不能看这一页。"))
            response = view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        return guarded

    return guard


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page; with the words of whoever was signed out while they wrote."""
    door = redirect_to_login(request.get_full_path())
    typed = [] if "HX-Request" in request.headers else faults.typed_words(request)
    if not typed:
        return door
    response = render(request, "signed_out.html", {"typed": typed, "door": door.url}, status=403)
    response["Cache-Control"] = "private, no-store"
    return response


@staff()
def work(request: HttpRequest) -> HttpResponse:
    """Where the day begins: the first page of the role under which one sits."""
    return redirect(OFFICE[request.actor.role][0].to)
