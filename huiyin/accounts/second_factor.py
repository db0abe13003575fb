"""Leads whoever has signed in without a second factor to set one up, where this house requires it."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

OPEN = ("/accounts/", "/look/")  # signing in and out, setting the factor up, and the look of pages


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Send people of the office without a second factor to its page; citizens never sign in and never meet this.

    GB/T 22239-2019 level 3, 8.1.4.1 d: two ways of telling who somebody is. HUIYIN_SECOND_FACTOR=optional
    turns it off (the default of a demonstration).
    """

    def lead(request: HttpRequest) -> HttpResponse:
        if settings.HUIYIN_SECOND_FACTOR == "required" and _lacks_factor(request):
            messages.warning(request, _("请先设好第二步验证，再开始工作。刚才要做的事还没有做。"))
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return get_response(request)

    return lead


def _lacks_factor(request: HttpRequest) -> bool:
    if request.path.startswith(OPEN) or not request.user.is_authenticated:
        return False
    return not is_mfa_enabled(request.user)
