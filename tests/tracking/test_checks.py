"""System checks: one test for each way of being wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tracking.checks import check_settings


def test_check_settings__nothing_set__is_content() -> None:
    assert check_settings() == []


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("TRANSPORT", "pigeon", ["tracking.E001"]),
        ("RETENTION_DAYS", 0, ["tracking.E002"]),
        ("RETENTION_DAYS", "400", ["tracking.E002"]),
        ("QUERY_PARAMETERS", "utm_source", ["tracking.E003"]),
        ("QUERY_PARAMETERS", [1], ["tracking.E003"]),
        ("NOT_BOTS", "HeadlessChrome", ["tracking.E009"]),
        ("MAX_BATCH_BYTES", -1, ["tracking.E004"]),
        ("MAX_BATCH_EVENTS", True, ["tracking.E005"]),
        ("BATCHES_PER_MINUTE", 1.5, ["tracking.E006"]),
        ("RETRY_AFTER", 0, ["tracking.E007"]),
        ("REFUSALS_EVERY", 0, []),
        ("REFUSALS_EVERY", -1, ["tracking.E010"]),
        ("REFUSALS_EVERY", 61, ["tracking.E010"]),
        ("REFUSALS_EVERY", True, ["tracking.E010"]),
        ("REFUSALS_EVERY", "1", ["tracking.E010"]),
        ("COLLECT_PREFIX", "/collect/", ["tracking.E008"]),
        ("COLLECT_PREFIX", "collect", ["tracking.E008"]),
        ("MAX_BATCH_BYTES", 10_000_000, ["tracking.W001"]),
    ],
)
def test_check_settings__one_is_wrong__is_named(settings: Any, name: str, value: Any, ids: list[str]) -> None:
    setattr(settings, f"TRACKING_{name}", value)
    assert [message.id for message in check_settings()] == ids
