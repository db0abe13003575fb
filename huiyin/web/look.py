"""How a visitor wants pages to look: theme, size of type, language; kept in cookies, without an account."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

THEMES = {"auto": _("跟随系统"), "light": _("浅色"), "dark": _("深色"), "contrast": _("高对比")}
SIZES = {"normal": _("标准字号"), "large": _("大字版")}
COOKIE_AGE = 365 * 24 * 3600


def look(request: HttpRequest) -> dict:
    """Context processor: `look.theme`, `look.size`, `look.themes`, `look.other_language`, `look.here`."""
    theme, size = request.COOKIES.get("huiyin_theme"), request.COOKIES.get("huiyin_size")
    return {
        "look": {
            "theme": theme if theme in THEMES else "auto",
            "size": size if size in SIZES else "normal",
            "themes": THEMES.items(),
            "other_language": ("zh-hans", "中文") if get_language() == "en" else ("en", "English"),
            "here": request.get_full_path(),
        }
    }


class VariesByLook:
    """Middleware: tells every cache that a page depends on the cookies read above."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ("Cookie",))
        return response


@csrf_exempt  # changes nothing but these three cookies, so public pages need no token
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Store the chosen theme, size or language in a cookie and go back to the page."""
    if request.headers.get("X-Requested-With") == "fetch":
        response: HttpResponse = JsonResponse({"ok": True})
    else:
        response = HttpResponseRedirect(_back(request))
    for name, cookie, known in (
        ("theme", "huiyin_theme", THEMES.__contains__),
        ("size", "huiyin_size", SIZES.__contains__),
        ("language", settings.LANGUAGE_COOKIE_NAME, check_for_language),
    ):
        chosen = request.POST.get(name, "")
        if chosen and known(chosen):
            response.set_cookie(
                cookie, chosen, max_age=COOKIE_AGE, samesite="Lax", secure=request.is_secure(), httponly=True
            )
    return response


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "/")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else "/"
