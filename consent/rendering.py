"""The consent banner as HTML: an inert shell, the same for every visitor."""

from functools import lru_cache

from django.conf import settings as django_settings
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from consent import cookies
from consent.purposes import PURPOSES, policy_version


def banner_html(request: HttpRequest) -> SafeString:
    """The banner's shell, hidden until consent.js finds that a choice is missing.

    It depends on the language, the scheme and the site's addresses, never on who asks: it reads no cookie, session or
    user, so a page that holds it can be cached for all.
    """
    addresses = reverse("consent:choices"), reverse("consent:preferences")
    key = (get_language(), cookies.name(request, cookies.CONSENT), *addresses)
    return _render(*key) if django_settings.DEBUG else _rendered(*key)


def _render(language: str | None, cookie: str, endpoint: str, preferences: str) -> SafeString:
    context = {
        "cookie": cookie,
        "endpoint": endpoint,
        "policy": policy_version(),
        "preferences": preferences,
        "purposes": PURPOSES,
    }
    return render_to_string("consent/banner.html", context)  # without the request: no context processor may add to it


_rendered = lru_cache(maxsize=256)(_render)


def _forget(**kwargs: object) -> None:
    _rendered.cache_clear()


setting_changed.connect(_forget, dispatch_uid="consent.rendering")
