"""The purposes, their masks, and the version of their texts."""

import dataclasses

import pytest
from django.utils import translation

from consent import purposes
from consent.purposes import ANALYTICS, PERSONALIZATION, PURPOSES, codes_of, mask_of, policy_version


def test_purposes__declared__two_with_their_own_bits() -> None:
    assert [(p.code, p.bit) for p in PURPOSES] == [("analytics", 1), ("personalization", 2)]


@pytest.mark.parametrize("mask", range(4))
def test_mask_of__codes_of_a_mask__gives_the_mask_back(mask: int) -> None:
    assert mask_of(codes_of(mask)) == mask


def test_mask_of__unknown_code__is_an_error() -> None:
    with pytest.raises(KeyError):
        mask_of(["marketing"])


def test_codes_of__unknown_bits__are_left_out() -> None:
    assert codes_of(255) == {ANALYTICS.code, PERSONALIZATION.code}


@pytest.mark.parametrize("language", ["en", "de", "ar", None])
def test_policy_version__any_language__is_the_same(language: str | None) -> None:
    expected = policy_version()
    policy_version.cache_clear()
    with translation.override(language):
        assert policy_version() == expected


def test_policy_version__a_text_changes__changes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = policy_version()
    changed = dataclasses.replace(ANALYTICS, text="Something else.")
    monkeypatch.setattr(purposes, "PURPOSES", (changed, PERSONALIZATION))
    policy_version.cache_clear()
    try:
        assert policy_version() != before
    finally:
        policy_version.cache_clear()
