"""The checks of the settings."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from config.services import free_port
from personalization.profiles.checks import check_hot, check_settings


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("PERSONALIZATION_REDIS_URL", None, []),
        ("PERSONALIZATION_REDIS_URL", "redis://localhost/1", []),
        ("PERSONALIZATION_REDIS_URL", "localhost:6379", ["personalization.E010"]),
        ("PERSONALIZATION_REDIS_URL", 6379, ["personalization.E010"]),
        ("PERSONALIZATION_COUNTRY_HEADER", "CF-IPCountry", []),
        ("PERSONALIZATION_COUNTRY_HEADER", "CF IPCountry", ["personalization.E011"]),
        ("PERSONALIZATION_RULE_COOKIES", ["plan"], []),
        ("PERSONALIZATION_RULE_COOKIES", "plan", ["personalization.E012"]),
        ("PERSONALIZATION_RULE_COOKIES", ["a b"], ["personalization.E012"]),
        ("PERSONALIZATION_RULE_COOKIES", ["sessionid"], ["personalization.E013"]),
        ("PERSONALIZATION_RULE_COOKIES", ["__Host-attune_visitor"], ["personalization.E013"]),
        ("PERSONALIZATION_PSEUDONYMOUS_TRAITS", ["tier"], []),
        ("PERSONALIZATION_PSEUDONYMOUS_TRAITS", "tier", ["personalization.E016"]),
    ],
)
def test_check_settings__each_setting__is_held_to_its_type(
    settings: Any, name: str, value: Any, found: list[str]
) -> None:
    setattr(settings, name, value)
    assert [message.id for message in check_settings(None)] == found


def test_check_hot__redis_away__is_said_where_the_database_is_asked_about(settings: Settings) -> None:
    settings.PERSONALIZATION_REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert [message.id for message in check_hot(None, databases=["default"])] == ["personalization.W037"]
    assert check_hot(None) == []


def test_check_hot__no_redis_named__finds_nothing(settings: Settings) -> None:
    settings.PERSONALIZATION_REDIS_URL = ""
    assert check_hot(None, databases=["default"]) == []
