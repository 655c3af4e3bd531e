"""System checks of the installation: what is missing, and what stands in the wrong place.

personalization.E001  EdgeMiddleware is missing
personalization.E002  EdgeMiddleware is not outside of Django's cache middlewares
personalization.W003  EdgeMiddleware is not the outermost middleware
personalization.E004  personalization.urls is not included
personalization.W005  personalization.urls is included, but not at the site's root
personalization.E006  no Django template engine has the request context processor
personalization.W009  a middleware looks like a page cache that may not know which pages are private
personalization.E018  KeyMiddleware is not between Django's cache middlewares
personalization.W019  KeyMiddleware is not directly before FetchFromCacheMiddleware
personalization.W020  there is a page cache, but no KeyMiddleware
personalization.W027  one of Django's two cache middlewares is missing, or they stand in the wrong order
personalization.W028  the page cache keeps nothing: its cache is a dummy, or its time is zero
personalization.W029  the page cache belongs to one process (only with ``check --deploy``)

personalization.W039  the page cache fails while its Redis is away (only with ``check --deploy``)
personalization.E035  another pattern takes one of the addresses
personalization.W036  a setting has a name that is none of ours, and nearly one

(personalization.E007 and E008 are raised before any check could run: see `names`.)
"""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Any, Final

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.middleware.cache import FetchFromCacheMiddleware, UpdateCacheMiddleware
from django.urls import NoReverseMatch, Resolver404, get_script_prefix, resolve, reverse
from django.utils.module_loading import import_string

from consent.conf import Settings as ConsentSettings
from consent.conf import settings as consent_settings
from personalization.caches import RedisCache
from personalization.conf import Settings as PersonalizationSettings
from tracking.conf import Settings as TrackingSettings

EDGE: Final = "personalization.middleware.EdgeMiddleware"
KEY: Final = "personalization.middleware.KeyMiddleware"
REQUEST_PROCESSOR: Final = "django.template.context_processors.request"
# The class alone is asked: packages about caches have other middlewares, too. NeverCacheMiddleware keeps nothing.
_PAGE_CACHE_NAME: Final = re.compile(r"\.(?!No|Never|Disable)\w*Cache(?!Control|Header|Bust)\w*$")
_ADDRESSES: Final = ("consent:choices", "tracking:collect", "personalization:blocks")
_ROOFS: Final[dict[str, type]] = {
    "CONSENT_": ConsentSettings,
    "TRACKING_": TrackingSettings,
    "PERSONALIZATION_": PersonalizationSettings,
}
"""How the names of settings begin, and what knows them."""
_ALIKE: Final = 0.7
_DJANGO_TEMPLATES: Final = "django.template.backends.django.DjangoTemplates"


def check_middleware(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the edge middleware is there, and outermost."""
    middleware = list(settings.MIDDLEWARE)
    if EDGE not in middleware:
        return [
            Error(
                "MIDDLEWARE lacks EdgeMiddleware: shared caches could hand one visitor's page to others.",
                hint=f'Write MIDDLEWARE = ["{EDGE}", *MIDDLEWARE].',
                id="personalization.E001",
            )
        ]
    outside = middleware[: middleware.index(EDGE)]
    hint = f'Move "{EDGE}" to the front of MIDDLEWARE.'
    if any(_is_page_cache(name) for name in outside):
        return [
            Error(
                "EdgeMiddleware stands inside of Django's cache middlewares: it must be outside of them.",
                hint=hint,
                id="personalization.E002",
            )
        ]
    if outside:
        return [
            Warning(
                f"EdgeMiddleware is not the outermost middleware: {', '.join(outside)} may change what it says.",
                hint=hint,
                id="personalization.W003",
            )
        ]
    return []


def check_page_caches(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name the page caches that are not Django's: whether they leave out what must not be kept is theirs to say."""
    return [
        Warning(
            f"{name} looks like a page cache that is not Django's: it could hand one visitor's page to others.",
            hint=(
                "See to it that it stores no response whose request has `_cache_update_cache` set to False, then "
                "silence this; or use Django's UpdateCacheMiddleware and FetchFromCacheMiddleware."
            ),
            id="personalization.W009",
        )
        for name in settings.MIDDLEWARE
        if _PAGE_CACHE_NAME.search(name) and not _is_page_cache(name)
    ]


def check_key_middleware(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the middleware of the page key is there if Django keeps pages, and where it works."""
    middleware = list(settings.MIDDLEWARE)
    updates = [place for place, name in enumerate(middleware) if _is_kind_of(name, UpdateCacheMiddleware)]
    fetches = [place for place, name in enumerate(middleware) if _is_kind_of(name, FetchFromCacheMiddleware)]
    hint = f'Put "{KEY}" directly before "django.middleware.cache.FetchFromCacheMiddleware".'
    if KEY not in middleware:
        if not (updates and fetches):
            return []
        return [
            Warning(
                "Django keeps this site's pages, but none that asks for a decision: MIDDLEWARE lacks KeyMiddleware.",
                hint=hint,
                id="personalization.W020",
            )
        ]
    place = middleware.index(KEY)
    if not (updates and fetches and updates[0] < place < fetches[-1]):
        return [
            Error(
                "KeyMiddleware must stand between UpdateCacheMiddleware and FetchFromCacheMiddleware.",
                hint=hint,
                id="personalization.E018",
            )
        ]
    if fetches[-1] != place + 1:
        between = ", ".join(middleware[place + 1 : fetches[-1]])
        return [
            Warning(
                f"KeyMiddleware answers what pages ask before {between} had a say: what these change of a request, "
                "such as its user or its language, could be answered wrong.",
                hint=hint,
                id="personalization.W019",
            )
        ]
    return []


def check_cache_middleware(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that Django's two cache middlewares are both there, the one that stores outside of the one that finds."""
    middleware = list(settings.MIDDLEWARE)
    updates = [place for place, name in enumerate(middleware) if _is_kind_of(name, UpdateCacheMiddleware)]
    fetches = [place for place, name in enumerate(middleware) if _is_kind_of(name, FetchFromCacheMiddleware)]
    if not (updates or fetches) or (updates and fetches and updates[0] < fetches[-1]):
        return []
    if set(updates) & set(fetches):
        return []  # Django's CacheMiddleware is both
    return [
        Warning(
            "Django keeps no page, or finds none: of its two cache middlewares one is missing or in the wrong place.",
            hint="Put UpdateCacheMiddleware near the front of MIDDLEWARE, and FetchFromCacheMiddleware at its end.",
            id="personalization.W027",
        )
    ]


def check_page_cache(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the cache in which Django keeps pages keeps anything."""
    if not _keeps_pages():
        return []
    cache = caches[settings.CACHE_MIDDLEWARE_ALIAS]
    if isinstance(cache, DummyCache):
        found = f"the cache {settings.CACHE_MIDDLEWARE_ALIAS!r} is a dummy"
    elif settings.CACHE_MIDDLEWARE_SECONDS == 0:
        found = "CACHE_MIDDLEWARE_SECONDS is 0"
    else:
        return []
    return [
        Warning(
            f"The cache middlewares are there, but no page is kept: {found}.",
            hint="Name a cache that keeps something and a time, or take the middlewares out.",
            id="personalization.W028",
        )
    ]


def check_shared_cache(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the processes of a site in production share the pages that they keep, and can do without them."""
    cache = caches[settings.CACHE_MIDDLEWARE_ALIAS] if _keeps_pages() else None
    if isinstance(cache, DjangoRedisCache) and not isinstance(cache, RedisCache):
        return [
            Warning(
                "Pages are kept in Redis by a cache that fails without it: while Redis is away each page is an error.",
                hint=(
                    'Name "personalization.caches.RedisCache" as the BACKEND, with the same LOCATION: pages are then '
                    "made anew meanwhile."
                ),
                id="personalization.W039",
            )
        ]
    if not isinstance(cache, LocMemCache):
        return []
    return [
        Warning(
            "Pages are kept in the memory of each process: every process makes each version of a page anew, and what "
            "one of them clears stays in the others.",
            hint="Name a cache in CACHES that all processes share, such as Redis; with one process, silence this.",
            id="personalization.W029",
        )
    ]


def _keeps_pages() -> bool:
    return any(_is_kind_of(name, UpdateCacheMiddleware) for name in settings.MIDDLEWARE) and (
        settings.CACHE_MIDDLEWARE_ALIAS in settings.CACHES  # else Django says so when the first request comes
    )


def _is_page_cache(name: str) -> bool:
    """Whether the middleware is one of Django's page caches or derived from one."""
    return _is_kind_of(name, UpdateCacheMiddleware) or _is_kind_of(name, FetchFromCacheMiddleware)


def _is_kind_of(name: str, kind: type) -> bool:
    try:
        middleware = import_string(name)
    except ImportError:
        return False  # Django says so when the first request comes
    return isinstance(middleware, type) and issubclass(middleware, kind)


def check_urls(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the public addresses are there, at the root, where scripts and block lists expect them."""
    hint = 'Write urlpatterns += [path("", include("personalization.urls"))].'
    try:
        consent = reverse("consent:choices")
        reverse("tracking:collect")
    except NoReverseMatch:
        return [
            Error(
                "The URLconf does not include personalization.urls: visitors cannot consent.",
                hint=hint,
                id="personalization.E004",
            )
        ]
    if consent != get_script_prefix() + consent_settings.PREFIX:
        return [
            Warning(
                f"personalization.urls is included below the site's root ({consent}).",
                hint=f"{hint[:-1]} outside of i18n_patterns and of other includes.",
                id="personalization.W005",
            )
        ]
    return []


def check_addresses(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the public addresses lead to Attune: a pattern that takes everything may stand before ours."""
    for name in _ADDRESSES:
        try:
            address = reverse(name)
            found = resolve("/" + address.removeprefix(get_script_prefix()))
        except (NoReverseMatch, Resolver404):
            continue  # check_urls says what is missing
        if found.view_name != name:
            return [
                Error(
                    f"{address} is answered by {found._func_path}, of the pattern {found.route!r}, and not by Attune.",
                    hint='Put path("", include("personalization.urls")) before that pattern in urlpatterns.',
                    id="personalization.E035",
                )
            ]
    return []


def check_names(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that no setting is misspelled: what it says would count nowhere."""
    return [
        Warning(
            f"{name} is no setting of Attune's. Is {meant} meant?",
            hint="Correct the name. If it is a setting of something else, silence this.",
            id="personalization.W036",
        )
        for name, meant in sorted(misspelled(dir(settings)))
    ]


def misspelled(names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Names that are none of our settings, and nearly one: each with the one that it is like.

    >>> list(misspelled(["TRACKING_RETENTION_DAY", "PERSONALISATION_PREFIX", "CONSENT_PREFIX", "TRACKING_PIXEL"]))
    [('TRACKING_RETENTION_DAY', 'TRACKING_RETENTION_DAYS'), ('PERSONALISATION_PREFIX', 'PERSONALIZATION_PREFIX')]
    """
    for begin, kind in _ROOFS.items():
        # What all of them begin with says nothing about how like two of them are.
        known = [name.removeprefix(begin) for name in dir(kind) if name.isupper()]
        for name in names:
            american = name.replace("PERSONALISATION_", "PERSONALIZATION_")
            rest = american.removeprefix(begin)
            if rest == american or (rest in known and name == american):
                continue
            for meant in get_close_matches(rest, known, n=1, cutoff=_ALIKE):
                yield name, begin + meant


def check_templates(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that templates know their request: a block cannot be decided without one."""
    engines: list[dict[str, Any]] = [engine for engine in settings.TEMPLATES if engine["BACKEND"] == _DJANGO_TEMPLATES]
    if any(REQUEST_PROCESSOR in engine.get("OPTIONS", {}).get("context_processors", ()) for engine in engines):
        return []
    return [
        Error(
            "No Django template engine has the request context processor: every block would show its default.",
            hint=f"Add {REQUEST_PROCESSOR!r} to OPTIONS['context_processors'] in TEMPLATES.",
            id="personalization.E006",
        )
    ]


def connect() -> None:
    """Register the checks; called once the app is ready."""
    register(check_names)
    register(check_middleware, Tags.caches)
    register(check_page_caches, Tags.caches)
    register(check_key_middleware, Tags.caches)
    register(check_cache_middleware, Tags.caches)
    register(check_page_cache, Tags.caches)
    register(check_shared_cache, Tags.caches, deploy=True)
    register(check_urls, Tags.urls)
    register(check_addresses, Tags.urls)
    register(check_templates, Tags.templates)
