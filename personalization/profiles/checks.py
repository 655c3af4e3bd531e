"""System checks of this room's settings.

personalization.E010  PERSONALIZATION_REDIS_URL is no address of a Redis
personalization.E011  PERSONALIZATION_COUNTRY_HEADER is no name of a header
personalization.E012  PERSONALIZATION_RULE_COOKIES is no list of cookie names
personalization.E013  PERSONALIZATION_RULE_COOKIES names a cookie that must stay secret
personalization.E016  PERSONALIZATION_PSEUDONYMOUS_TRAITS is no list of names
personalization.W037  the Redis of PERSONALIZATION_REDIS_URL does not answer (only with ``check --database``)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from personalization.profiles.hot import hot

_SCHEMES: Final = ("redis://", "rediss://", "unix://")
_HEADER: Final = re.compile(r"[A-Za-z0-9-]+\Z")
_COOKIE: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")


def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the types and the values of the settings that rules and hot heads read."""
    return [*_check_redis(), *_check_header(), *_check_cookies(), *_check_traits()]


def check_hot(app_configs: Any, *, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Check that the cache Redis answers. Asked with ``check --database``, as that may wait for what is away."""
    if not databases or _check_redis():
        return []
    redis = hot()
    if redis is None or redis.get(["attune:check"]) is not None:
        return []
    return [
        Warning(
            "The Redis of PERSONALIZATION_REDIS_URL does not answer: decisions read the database meanwhile.",
            hint="Start it, or correct the address, its password or the way there; the log says what the client met.",
            id="personalization.W037",
        )
    ]


def _check_redis() -> list[CheckMessage]:
    url = getattr(settings, "PERSONALIZATION_REDIS_URL", None)
    if not url or (isinstance(url, str) and url.startswith(_SCHEMES)):
        return []
    return [
        Error(
            "PERSONALIZATION_REDIS_URL is no address of a Redis.",
            hint='Write "redis://host:6379/0", or leave it unset: decisions then read the database.',
            id="personalization.E010",
        )
    ]


def _check_header() -> list[CheckMessage]:
    header = getattr(settings, "PERSONALIZATION_COUNTRY_HEADER", None)
    if not header or (isinstance(header, str) and _HEADER.match(header)):
        return []
    return [
        Error(
            f"PERSONALIZATION_COUNTRY_HEADER is no name of a header: {header!r}.",
            hint='Write the name that your CDN documents, such as "CF-IPCountry".',
            id="personalization.E011",
        )
    ]


def _check_cookies() -> list[CheckMessage]:
    names = getattr(settings, "PERSONALIZATION_RULE_COOKIES", ())
    if not isinstance(names, list | tuple | set | frozenset) or not all(
        isinstance(name, str) and _COOKIE.match(name) for name in names
    ):
        return [
            Error(
                f"PERSONALIZATION_RULE_COOKIES is no list of cookie names: {names!r}.",
                hint='Write ["plan", "theme"].',
                id="personalization.E012",
            )
        ]
    secret = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    found = sorted(name for name in names if name in secret or "attune_visitor" in name or "attune_consent" in name)
    if not found:
        return []
    return [
        Error(
            f"PERSONALIZATION_RULE_COOKIES names {', '.join(found)}: what rules may ask, their reasons show.",
            hint="Take it out.",
            id="personalization.E013",
        )
    ]


def _check_traits() -> list[CheckMessage]:
    names = getattr(settings, "PERSONALIZATION_PSEUDONYMOUS_TRAITS", ())
    if isinstance(names, list | tuple | set | frozenset) and all(isinstance(name, str) for name in names):
        return []
    return [
        Error(
            f"PERSONALIZATION_PSEUDONYMOUS_TRAITS is no list of names: {names!r}.",
            hint='Write ["tier", "language"].',
            id="personalization.E016",
        )
    ]


def connect() -> None:
    """Register the checks; called once the app is ready."""
    register(check_settings)
    register(check_hot, Tags.database)
