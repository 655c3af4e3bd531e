"""Who may send a form to the shop: pages of this site only, and not too often."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from consent import throttle
from consent.origins import origin_allowed

View = Callable[..., HttpResponse]


def from_this_site(view: View) -> View:
    """Let a form through by where it was sent from: a token would make the page that holds it one visitor's own."""

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not origin_allowed(request):
            return HttpResponseForbidden(render_to_string("403.html", request=request))
        return view(request, *args, **kwargs)

    return checked


def not_too_often(scope: str, per_minute: int) -> Callable[[View], View]:
    """Refuse what an address sends more often than that; only what is sent counts, not what is looked at."""

    def limited(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method == "POST" and not throttle.allow(request, f"shop-{scope}", per_minute):
                words = {"message": _("That was too often. Please wait a minute and try again.")}
                page = render_to_string("429.html", words, request=request)
                return HttpResponse(page, status=429, headers={"Retry-After": str(throttle.RETRY_AFTER)})
            return view(request, *args, **kwargs)

        return counted

    return limited


def next_page(request: HttpRequest) -> str:
    """Where the visitor wanted to go, if that is a page of this site; else an empty text."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else ""
