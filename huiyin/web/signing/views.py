"""The sign-in page, and the demo profile's list of sign-ins."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huiyin.kernel.refusals import Refused
from huiyin.organisation.place import demo_posts, place
from huiyin.organisation.sitting import CHOSEN

BACKEND = "huiyin.organisation.backends.Backend"


class SignIn(LoginView):
    """Username and password; leads to the demo list where there is one."""

    def get_context_data(self, **kwargs: Any) -> dict:
        """The form, the place, and whether a demo list exists."""
        return super().get_context_data(**kwargs) | {"place": place(), "demo": bool(demo_posts())}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """One sign-in per role, one tap each; there is no such page unless the demo profile is what is loaded."""
    posts = demo_posts()
    if not posts:
        raise Http404
    if request.method != "POST":
        return render(request, "signing/demo.html", {"posts": posts, "place": place()})
    post = next((post for post in posts if post.code == request.POST.get("post")), None)
    if post is None:
        raise Refused(_("演示名单里没有这个岗位。请回到名单再选一个。"), code="demo_post")
    login(request, post.user, backend=BACKEND)
    request.session[CHOSEN] = post.pk
    return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))


def no_password(request: HttpRequest) -> HttpResponse:
    """Where allauth sends somebody who has no password at all, as in the demo."""
    raise Refused(
        _("这个账号没有密码，不能在这里设。"),
        code="no_password",
        instead=_("演示账号请从演示名单登录；其他账号请找系统管理员设密码。"),
    )
