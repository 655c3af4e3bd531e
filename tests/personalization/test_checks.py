"""The checks of the installation: each mistake has its id, and a right installation has none."""

from __future__ import annotations

import sys
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.checks import CheckMessage
from django.core.checks.registry import registry
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from pytest_django import Settings

from personalization import checks
from personalization.content.checks import (
    check_blocks,
    check_four_eyes,
    check_page_versions,
    check_slow_variant,
    check_variant_templates,
)
from tests.architecture import project_files

EDGE = checks.EDGE
KEY = checks.KEY
UPDATE = "django.middleware.cache.UpdateCacheMiddleware"
FETCH = "django.middleware.cache.FetchFromCacheMiddleware"
OWN_UPDATE = "tests.personalization.page_caches.OwnUpdateCacheMiddleware"
STRANGE = "strange_cache.middleware.UpdateCacheMiddleware"
DJANGOS = "django.core.cache.backends"
OTHER = "django.middleware.common.CommonMiddleware"


def _ids(messages: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_checks__of_every_room__are_run_by_django() -> None:
    paths = [path for path in project_files(".py") if path.name == "checks.py" and path.parts[0] != "tests"]
    modules = [".".join(path.with_suffix("").parts) for path in paths]
    rooms = [module for module in modules if module != "personalization.djangocms.checks"]  # held on a site with pages
    ours = {check for room in rooms for name, check in vars(import_module(room)).items() if name.startswith("check_")}
    assert len(ours) > len(rooms)
    assert ours - set(registry.get_checks(include_deployment_checks=True)) == set()


@pytest.mark.parametrize(
    ("middleware", "ids"),
    [
        ([EDGE, OTHER], []),
        ([EDGE, UPDATE, OTHER, FETCH], []),
        ([OTHER], ["personalization.E001"]),
        ([UPDATE, EDGE, FETCH], ["personalization.E002"]),
        ([UPDATE, FETCH, EDGE], ["personalization.E002"]),
        ([OWN_UPDATE, EDGE, FETCH], ["personalization.E002"]),
        ([EDGE, OWN_UPDATE, FETCH], []),
        ([OTHER, EDGE, UPDATE, FETCH], ["personalization.W003"]),
        (["missing.Middleware", EDGE], ["personalization.W003"]),
    ],
)
def test_check_middleware__each_order__has_its_id(middleware: list[str], ids: list[str], settings: Settings) -> None:
    settings.MIDDLEWARE = middleware
    assert _ids(checks.check_middleware(None)) == ids


@pytest.mark.parametrize(
    ("middleware", "verb"), [([OTHER], "Write"), ([OTHER, EDGE], "Move"), ([UPDATE, EDGE], "Move")]
)
def test_check_middleware__hint__never_has_it_there_twice(middleware: list[str], verb: str, settings: Settings) -> None:
    settings.MIDDLEWARE = middleware
    (found,) = checks.check_middleware(None)
    assert (found.hint or "").startswith(f"{verb} ")


@pytest.mark.parametrize(
    ("middleware", "ids"),
    [
        ([EDGE, UPDATE, OTHER, FETCH], []),
        ([EDGE, OWN_UPDATE, FETCH], []),
        ([EDGE, STRANGE, OTHER], ["personalization.W009"]),
        ([EDGE, "strange.NeverCacheMiddleware", "strange.CacheControlMiddleware", "cache.OtherMiddleware"], []),
    ],
)
def test_check_page_caches__each_kind__has_its_id(middleware: list[str], ids: list[str], settings: Settings) -> None:
    settings.MIDDLEWARE = middleware
    assert _ids(checks.check_page_caches(None)) == ids


@pytest.mark.parametrize(
    ("middleware", "ids"),
    [
        ([EDGE, OTHER], []),
        ([EDGE, UPDATE, OTHER, KEY, FETCH], []),
        ([EDGE, OWN_UPDATE, KEY, FETCH], []),
        ([EDGE, UPDATE, OTHER, FETCH], ["personalization.W020"]),
        ([EDGE, UPDATE, KEY, OTHER, FETCH], ["personalization.W019"]),
        ([EDGE, KEY, UPDATE, FETCH], ["personalization.E018"]),
        ([EDGE, UPDATE, FETCH, KEY], ["personalization.E018"]),
        ([EDGE, OTHER, KEY], ["personalization.E018"]),
    ],
)
def test_check_key_middleware__each_order__has_its_id(
    middleware: list[str], ids: list[str], settings: Settings
) -> None:
    settings.MIDDLEWARE = middleware
    assert _ids(checks.check_key_middleware(None)) == ids


@pytest.mark.parametrize(
    ("middleware", "ids"),
    [
        ([EDGE, OTHER], []),
        ([EDGE, UPDATE, OTHER, KEY, FETCH], []),
        ([EDGE, "django.middleware.cache.CacheMiddleware"], []),
        ([EDGE, UPDATE, OTHER], ["personalization.W027"]),
        ([EDGE, OTHER, FETCH], ["personalization.W027"]),
        ([EDGE, FETCH, OTHER, UPDATE], ["personalization.W027"]),
    ],
)
def test_check_cache_middleware__each_order__has_its_id(
    middleware: list[str], ids: list[str], settings: Settings
) -> None:
    settings.MIDDLEWARE = middleware
    assert _ids(checks.check_cache_middleware(None)) == ids


@pytest.mark.parametrize(
    ("backend", "seconds", "kept", "shared"),
    [
        (f"{DJANGOS}.filebased.FileBasedCache", 600, [], []),
        (f"{DJANGOS}.filebased.FileBasedCache", 0, ["personalization.W028"], []),
        (f"{DJANGOS}.dummy.DummyCache", 600, ["personalization.W028"], []),
        (f"{DJANGOS}.locmem.LocMemCache", 600, [], ["personalization.W029"]),
        (f"{DJANGOS}.redis.RedisCache", 600, [], ["personalization.W039"]),
        ("personalization.caches.RedisCache", 600, [], []),
    ],
)
def test_check_page_cache__each_backend__has_its_id(
    backend: str, seconds: int, kept: list[str], shared: list[str], settings: Settings, tmp_path: Path
) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": backend, "LOCATION": str(tmp_path)},
    }
    settings.CACHE_MIDDLEWARE_ALIAS, settings.CACHE_MIDDLEWARE_SECONDS = "pages", seconds
    settings.MIDDLEWARE = [EDGE, UPDATE, KEY, FETCH]
    assert _ids(checks.check_page_cache(None)) == kept
    assert _ids(checks.check_shared_cache(None)) == shared
    settings.MIDDLEWARE = [EDGE]
    assert _ids(checks.check_page_cache(None)) == _ids(checks.check_shared_cache(None)) == []


@pytest.mark.parametrize(
    ("value", "ids"),
    [(1, []), (200, []), *((value, ["personalization.E017"]) for value in (0, -1, 2.5, "200", None, True))],
)
def test_check_page_versions__each_value__has_its_id(value: object, ids: list[str], settings: Settings) -> None:
    settings.PERSONALIZATION_MAX_PAGE_VERSIONS = value
    assert _ids(check_page_versions(None)) == ids


@pytest.mark.parametrize(
    ("value", "ids"), [(0.5, []), (10, []), *((value, ["personalization.E024"]) for value in (0, -1, "2", None, True))]
)
def test_check_slow_variant__each_value__has_its_id(value: object, ids: list[str], settings: Settings) -> None:
    settings.PERSONALIZATION_SLOW_VARIANT = value
    assert _ids(check_slow_variant(None)) == ids


@pytest.mark.parametrize(
    ("setting", "value", "ids"),
    [
        *(("PERSONALIZATION_PREFIX", value, []) for value in ("personalization/", "our/own/")),
        *(("PERSONALIZATION_PREFIX", value, ["personalization.E021"]) for value in ("/our/", "our", "", None)),
        ("PERSONALIZATION_BLOCKS_PER_MINUTE", 1, []),
        *(("PERSONALIZATION_BLOCKS_PER_MINUTE", value, ["personalization.E022"]) for value in (0, 2.5, "9", True)),
    ],
)
def test_check_blocks__each_value__has_its_id(setting: str, value: object, ids: list[str], settings: Settings) -> None:
    setattr(settings, setting, value)
    assert _ids(check_blocks(None)) == ids


@pytest.mark.parametrize(("value", "ids"), [(True, []), (False, []), ("no", ["personalization.E032"])])
def test_check_four_eyes__each_value__has_its_id(value: object, ids: list[str], settings: Settings) -> None:
    settings.PERSONALIZATION_FOUR_EYES = value
    assert _ids(check_four_eyes(None)) == ids


@pytest.mark.parametrize(
    ("urlconf", "ids"),
    [
        ("personalization.urls", []),
        ("tests.personalization.nowhere", ["personalization.E004"]),
        ("tests.personalization.below", ["personalization.W005"]),
    ],
)
def test_check_urls__each_urlconf__has_its_id(urlconf: str, ids: list[str], settings: Settings) -> None:
    settings.ROOT_URLCONF = urlconf
    assert _ids(checks.check_urls(None)) == ids


def test_check_templates__no_request_context_processor__error(settings: Settings) -> None:
    assert _ids(checks.check_templates(None)) == []
    templates: list[dict[str, Any]] = deepcopy(django_settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"] = []
    settings.TEMPLATES = templates
    assert _ids(checks.check_templates(None)) == ["personalization.E006"]


def _page(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse("a page of the site")


@pytest.mark.parametrize(
    ("patterns", "ids"),
    [
        ([path("", include("personalization.urls")), path("<path:page>", _page)], []),
        ([path("shop/", _page), path("", include("personalization.urls"))], []),
        ([path("shop/", _page)], []),
        ([path("<slug:page>/", _page), path("", include("personalization.urls"))], ["personalization.E035"]),
        (
            [path("<path:page>/", _page), path("", include("personalization.urls"))],
            ["personalization.E035"],
        ),
    ],
)
def test_check_addresses__a_pattern_before_ours__is_found(
    patterns: list[Any], ids: list[str], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    urlconf = ModuleType("of_the_site")
    urlconf.urlpatterns = patterns  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "of_the_site", urlconf)
    settings.ROOT_URLCONF = "of_the_site"
    found = checks.check_addresses(None)
    assert _ids(found) == ids
    assert all("_page, of the pattern '" in message.msg for message in found)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PERSONALIZATION_MAX_PAGE_VERSION", "PERSONALIZATION_MAX_PAGE_VERSIONS"),
        ("PERSONALISATION_REDIS_URL", "PERSONALIZATION_REDIS_URL"),
        ("TRACKING_RETENTION_DAY", "TRACKING_RETENTION_DAYS"),
        ("CONSENT_ADRESS_HEADER", "CONSENT_ADDRESS_HEADER"),
    ],
)
def test_check_names__a_misspelled_setting__is_named_with_what_is_meant(
    name: str, meant: str, settings: Settings
) -> None:
    assert checks.check_names(None) == []
    setattr(settings, name, True)
    (found,) = checks.check_names(None)
    assert (found.id, found.msg) == ("personalization.W036", f"{name} is no setting of Attune's. Is {meant} meant?")


def test_check_names__settings_of_others__are_left_alone() -> None:
    assert list(checks.misspelled(["TRACKING_PIXEL", "CONSENT_BANNER", "PERSONALIZATION_PREFIX", "DEBUG"])) == []


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ((), []),
        (["fine.html"], []),
        ({"fine.html": "Fine"}, []),
        ("fine.html", ["personalization.E014"]),
        (7, ["personalization.E014"]),
        ([7], ["personalization.E014"]),
        ({7: "seven"}, ["personalization.E014"]),
        (["missing.html", "fine.html"], ["personalization.E015"]),
        (["mistaken.html"], ["personalization.E015"]),
    ],
)
def test_check_variant_templates__each_value__has_its_id(
    value: object, ids: list[str], settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "fine.html").write_text("fine")
    (tmp_path / "mistaken.html").write_text("{% nonsense %}")
    templates: list[dict[str, Any]] = deepcopy(django_settings.TEMPLATES)
    templates[0]["DIRS"] = [tmp_path]
    settings.TEMPLATES = templates
    settings.PERSONALIZATION_VARIANT_TEMPLATES = value
    assert _ids(check_variant_templates(None)) == ids
