"""The consent endpoint for scripts and forms, and the preferences page for people."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from consent import cookies, origins, services, throttle, wire
from consent.conf import settings
from consent.errors import BodyTooLarge, ConsentError, RetiredPolicy
from consent.gate import Consent, proven_by
from consent.purposes import PURPOSES, policy_version

_OUT_OF_REACH = (OperationalError, InterfaceError)
"""What a database raises that is locked, full or gone: it may be there again in a moment."""


# Cacheable pages carry no token: the origin is checked instead. The answer says that the choice is made, so it must not
# be given inside a transaction that is still to be committed; and a database that is gone is answered, too.
@method_decorator((csrf_exempt, transaction.non_atomic_requests), name="dispatch")
class _NeverStored(View):
    """Answers that speak of one visitor: no cache may keep them, and forms come back with an origin."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        # Under a site-wide no-referrer the preferences form would come without a usable Origin.
        response["Referrer-Policy"] = "same-origin"
        patch_vary_headers(response, ["Cookie"])
        return response


class ConsentView(_NeverStored):
    """GET: purposes, choices, policy. POST: a choice, as JSON or from the preferences form."""

    http_method_names = ("get", "head", "post")

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            consent = services.current_consent(request, now=timezone.now())
        except _OUT_OF_REACH:
            return _problem(request, 503, _busy())
        response = JsonResponse(_body(consent))
        _mend(request, response, consent)
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        if not origins.origin_allowed(request):
            return _problem(request, 403, _("This choice was not sent from this site."))
        if not throttle.allow(request, "consent", settings.POSTS_PER_MINUTE):
            return _problem(request, 429, _("Too many choices from this address. Please try again in a minute."))
        try:
            posted = wire.read(request)
            outcome = services.choose(request, posted.choices, policy=posted.policy, now=timezone.now())
        except RetiredPolicy as error:
            return _problem(request, 409, str(error))
        except BodyTooLarge as error:
            return _problem(request, 413, str(error))
        except ConsentError as error:
            return _problem(request, 400, str(error))
        except _OUT_OF_REACH:
            return _problem(request, 503, _busy())
        response: HttpResponse
        if wire.is_form(request):
            response = HttpResponseRedirect(_same_site(request, posted.next) or _saved())
            response.status_code = 303
        else:
            response = JsonResponse(_body(outcome.consent))
        outcome.apply(request, response)
        return response


class PreferencesView(_NeverStored):
    """The page on which every choice can be seen and changed, without any script."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        return _preferences(request)


def _body(consent: Consent) -> dict[str, Any]:
    body = wire.ConsentBody(
        purposes=[wire.PurposeText(p.code, str(p.title), str(p.text)) for p in PURPOSES],
        choices=dict(consent.choices),
        policy=policy_version(),
    )
    builtins: dict[str, Any] = msgspec.to_builtins(body)
    return builtins


def _problem(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """Say what is wrong: to a form on its page, to a script in JSON (with the new texts where they changed)."""
    response: HttpResponse
    if wire.is_form(request):
        response = _preferences(request, problem=message, status=status)
    else:
        body: dict[str, Any] = {"error": message}
        if status == 409:
            body |= _body(proven_by(request))
        response = JsonResponse(body, status=status)
    if status == 429:
        response["Retry-After"] = str(throttle.RETRY_AFTER)
    elif status == 503:
        response["Retry-After"] = "2"
    return response


def _preferences(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    # The way back comes in the address only: when something is wrong with a body it is not read again.
    back = _same_site(request, request.GET.get("next", ""))
    try:
        consent = services.current_consent(request, now=timezone.now())
    except _OUT_OF_REACH:
        consent, problem, status = Consent(), problem or _busy(), 503 if status == 200 else status
    context = {
        "purposes": [{"purpose": p, "choice": consent.choices[p.code]} for p in PURPOSES],
        "policy": policy_version(),
        "undecided": "unset" in consent.choices.values(),
        "problem": problem,
        "saved": not problem and "saved" in request.GET,
        "back": back,
        "home": _home(request),
        "next": _saved(back),
    }
    response = render(request, "consent/preferences.html", context, status=status)
    if status == 200:
        _mend(request, response, consent)
    return response


def _mend(request: HttpRequest, response: HttpResponse, consent: Consent) -> None:
    """Correct a readable cookie that says more or less than is proven, so that the banner asks where it must."""
    readable = request.COOKIES.get(cookies.name(request, cookies.CONSENT))
    if consent.given_at is None:
        wrong = readable is not None
    else:  # under a retired policy both cookies name it, and scripts know what to make of that
        wrong = consent.policy == policy_version() and readable != cookies.encode_readable(
            services.made(consent), policy=consent.policy
        )
    if wrong:
        services.write_cookies(request, response, consent)


def _home(request: HttpRequest) -> str:
    """The site's first page: that of the address's language, where addresses carry one."""
    language = get_language_from_path(request.path_info)
    return get_script_prefix() + (f"{language}/" if language else "")


def _saved(back: str = "") -> str:
    return reverse("consent:preferences") + "?" + urlencode({"saved": "1"} | ({"next": back} if back else {}))


def _same_site(request: HttpRequest, target: str) -> str:
    """The target if it leads to a page of this site, else ""."""
    if len(target) > 2000 or any(ord(char) < 32 or ord(char) == 127 for char in target):
        return ""
    hosts = {request.get_host()}
    return target if url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure()) else ""


def _busy() -> str:
    return _("Your choice cannot be saved at this moment. Please try again.")
