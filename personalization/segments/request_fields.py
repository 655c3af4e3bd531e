"""What rules may ask about the request under way. Nothing is looked up before a rule asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import get_language

from personalization.profiles.conf import conf
from tracking.user_agents import device_of

LONGEST: Final = 2_000
"""Characters of a field that rules see: what a client sends is not bounded by anybody else."""

_WHOLE_PAGES: Final = ("HTTP_HX_BOOSTED", "HTTP_HX_HISTORY_RESTORE_REQUEST")


class RequestFields(Mapping[str, Any]):
    """The fields of rules.md by name. A field that is not there, or empty, is missing.

    `logged_in` and `group` ask for the user, and so for the session, which makes the page private to the visitor.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._found:
            self._found[name] = self._look_up(name)
        value = self._found[name]
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        names = [*_FIELDS, *(f"query.{name}" for name in _page(self._request)[1])]
        names += [f"cookie.{name}" for name in conf.PERSONALIZATION_RULE_COOKIES]
        return (name for name in names if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _look_up(self, name: str) -> Any:
        value: Any
        if name.startswith("query."):
            value = _page(self._request)[1].get(name.removeprefix("query."))
        elif name.startswith("cookie."):
            cookie = name.removeprefix("cookie.")
            value = self._request.COOKIES.get(cookie) if cookie in conf.PERSONALIZATION_RULE_COOKIES else None
        else:
            field = _FIELDS.get(name)
            value = field(self._request) if field else None
        if isinstance(value, str):
            value = value[:LONGEST]
        return None if value == "" else value


def _page(request: HttpRequest) -> tuple[str, QueryDict]:
    """Path and query of the page: of a part that HTMX asks for, those of the page that it is put into.

    What HTMX boosts or restores is a page itself.
    """
    meta = request.META
    if meta.get("HTTP_HX_REQUEST") == "true" and not any(meta.get(header) == "true" for header in _WHOLE_PAGES):
        try:
            parts = urlsplit(meta.get("HTTP_HX_CURRENT_URL", ""))
        except ValueError:
            return request.path, request.GET
        if parts.netloc == request.get_host():
            return unquote(parts.path), QueryDict(parts.query[:LONGEST])
    return request.path, request.GET


def _referrer_host(request: HttpRequest) -> str | None:
    try:
        return (urlsplit(request.META.get("HTTP_REFERER", "")).hostname or "").lower()
    except ValueError:
        return None


def _utm(name: str) -> Callable[[HttpRequest], str | None]:
    def first(request: HttpRequest) -> str | None:
        values = _page(request)[1].getlist(name)
        return values[0] if values else None

    return first


def _country(request: HttpRequest) -> str | None:
    header = conf.PERSONALIZATION_COUNTRY_HEADER
    if not header:
        return None
    country = request.headers.get(header, "").strip().upper()
    # CDNs write XX and T1 where they do not know.
    return country if len(country) == 2 and country.isalpha() and country != "XX" else None


def page_language(request: HttpRequest) -> str | None:
    """The language that the page is answered in."""
    return getattr(request, "LANGUAGE_CODE", None) or get_language()


def page_site(request: HttpRequest) -> int | None:
    """The id of the site whose page it is; None where Django knows of no sites, or not of this one.

    Django keeps its sites in the process: this costs a query once.
    """
    if not apps.is_installed("django.contrib.sites"):
        return None
    from django.contrib.sites.shortcuts import get_current_site

    try:
        return int(get_current_site(request).pk)  # type: ignore[union-attr]  # installed: it is no RequestSite
    except ObjectDoesNotExist:
        return None


def _agent(request: HttpRequest) -> dict[str, str | None]:
    return _parsed_agent(request.META.get("HTTP_USER_AGENT", "")[:LONGEST])


@lru_cache(maxsize=512)
def _parsed_agent(text: str) -> dict[str, str | None]:
    """What the user agent says of itself. Only kinds of browsers are cached here, never visitors."""
    if not text:
        return {"browser": None, "os": None}
    # Imported when first asked: compiling its expressions takes a while.
    from ua_parser import parse

    found = parse(text)
    return {
        "browser": found.user_agent.family if found.user_agent else None,
        "os": found.os.family if found.os else None,
    }


def _is_logged_in(request: HttpRequest) -> bool | None:
    user = getattr(request, "user", None)
    return None if user is None else bool(user.is_authenticated)


def _groups(request: HttpRequest) -> list[str] | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return list(user.groups.order_by("name").values_list("name", flat=True)) or None


_FIELDS: Final[Mapping[str, Callable[[HttpRequest], Any]]] = {
    "path": lambda request: _page(request)[0],
    "referrer_host": _referrer_host,
    "utm_source": _utm("utm_source"),
    "utm_medium": _utm("utm_medium"),
    "utm_campaign": _utm("utm_campaign"),
    "utm_term": _utm("utm_term"),
    "utm_content": _utm("utm_content"),
    "country": _country,
    "language": page_language,
    "device": lambda request: device_of(request.META.get("HTTP_USER_AGENT", "")),
    "browser": lambda request: _agent(request)["browser"],
    "os": lambda request: _agent(request)["os"],
    "logged_in": _is_logged_in,
    "group": _groups,
    "time_zone": lambda request: timezone.get_current_timezone_name(),
}
