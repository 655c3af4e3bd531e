"""System checks: each setting CONSENT_* has the right type and a sensible value, and fits where the site runs."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings as django
from django.core.checks import CheckMessage, Error, Warning, register

from consent.conf import settings


def register_all() -> None:
    """Hand the checks to Django."""
    register(check_settings)
    register(check_proxy)
    register(check_time)


def check_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """One error, with a stable id, for each setting that cannot work."""
    found: list[CheckMessage] = []
    for number, name, wanted, holds in _RULES:
        value: object = getattr(settings, name)
        if not holds(value):
            found.append(Error(f"CONSENT_{name} must be {wanted}, not {value!r}.", id=f"consent.E{number:03d}"))
    if not found and timedelta(days=396) < settings.MAX_AGE:
        found.append(
            Warning(
                "CONSENT_MAX_AGE is longer than 13 months.",
                hint="A choice is to be asked for again after a while; six months is good practice.",
                id="consent.W001",
            )
        )
    return found


def check_proxy(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where the site trusts a proxy's word about scheme or host, and does not hear from it who asks."""
    trusted = [name for name in ("SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST") if getattr(django, name)]
    if not trusted or settings.ADDRESS_HEADER:
        return []
    return [
        Warning(
            f"{trusted[0]} says that a proxy stands before the site, and CONSENT_ADDRESS_HEADER does not say in which "
            "header it hands on the visitors' addresses.",
            hint=(
                "Without it all visitors count as one: limits reach them together, and one visitor for whom something "
                "fails may have it switched off for all. Name the header that your proxy sets itself, such as "
                "CONSENT_ADDRESS_HEADER = 'X-Forwarded-For'. Where the server puts the visitor's address into "
                "REMOTE_ADDR itself, silence this."
            ),
            id="consent.W002",
        )
    ]


def check_time(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a site whose times have no zone: choices, events and rules are compared across zones and clocks."""
    if django.USE_TZ:
        return []
    return [
        Error(
            "USE_TZ is False: no choice could be read back, and every block would show what everyone else sees.",
            hint=(
                "Set USE_TZ = True, Django's default; TIME_ZONE still says which clocks pages and the admin show. Code "
                "of yours that makes times by itself then takes them from django.utils.timezone.now()."
            ),
            id="consent.E009",
        )
    ]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_host(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip(".")) and not set(value) & set("/@ \t,*")


def _are_hosts(value: object) -> bool:
    return isinstance(value, (list, tuple, set, frozenset)) and all(_is_host(host) for host in value)


def _is_redis_url(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.startswith(("redis://", "rediss://", "redis+unix://")))


def _is_header(value: object) -> bool:
    return value is None or (
        isinstance(value, str)
        and value.replace("-", "").isalnum()
        and value.isascii()
        and not value.upper().startswith("HTTP-")
    )


def _is_prefix(value: object) -> bool:
    return isinstance(value, str) and not value.startswith("/") and value.endswith("/")


_RULES: tuple[tuple[int, str, str, Callable[[object], bool]], ...] = (
    (1, "MAX_AGE", "a positive timedelta", lambda v: isinstance(v, timedelta) and v > timedelta(0)),
    (2, "COOKIE_DOMAIN", "a domain such as 'example.org', or None", lambda v: v is None or _is_host(v)),
    (3, "ALLOWED_ORIGINS", "a list of hosts such as 'shop.example.org', without a scheme", _are_hosts),
    (4, "POSTS_PER_MINUTE", "a positive whole number", _is_count),
    (5, "MAX_BODY_BYTES", "a positive whole number", _is_count),
    (6, "THROTTLE_URL", "a redis:// URL, or None", _is_redis_url),
    (7, "ADDRESS_HEADER", "a header's name such as 'X-Forwarded-For', or None", _is_header),
    (8, "PREFIX", "a path without a leading and with a trailing slash, such as 'consent/'", _is_prefix),
)
