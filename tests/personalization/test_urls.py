"""The public addresses: where they are unless a setting moves them."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.urls import Resolver404, resolve
from pytest_django import Settings

import personalization.content.urls
import personalization.urls
import tracking.urls
from personalization.checks import check_urls


def _lead(module: ModuleType, address: str) -> bool:
    """Whether the addresses, as a site that starts with these settings has them, hold this one."""
    patterns: Any = tuple(runpy.run_path(str(Path(module.__file__ or "")))["urlpatterns"])
    try:
        return bool(resolve(address, urlconf=patterns))
    except Resolver404:
        return False


@pytest.mark.parametrize(
    ("module", "setting", "below"),
    [
        (personalization.urls, "CONSENT_PREFIX", "preferences/"),
        (tracking.urls, "TRACKING_COLLECT_PREFIX", "tracker.js"),
        (personalization.content.urls, "PERSONALIZATION_PREFIX", "blocks/"),
        (personalization.content.urls, "PERSONALIZATION_PREFIX", "blocks.js"),
    ],
)
def test_prefix__by_setting__moves_what_is_below_it(
    settings: Settings, module: ModuleType, setting: str, below: str
) -> None:
    usual = setting.split("_")[-2].lower()
    assert _lead(module, f"/{usual}/{below}")
    setattr(settings, setting, "our/own/")
    assert _lead(module, f"/our/own/{below}")
    assert not _lead(module, f"/{usual}/{below}")


@pytest.mark.urls("tests.personalization.moved")
def test_check_urls__prefix_of_several_parts__is_at_the_root(settings: Settings) -> None:
    settings.CONSENT_PREFIX = "our/own/"
    assert check_urls(None) == []
