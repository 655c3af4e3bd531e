"""System checks: one test for each way of being wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model

from tracking.checks import check_databases, check_settings


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


class Router:
    """Sends what one label has elsewhere: the writes, the reads or both."""

    def __init__(self, label: str, *, reads: bool, writes: bool) -> None:
        self.label = label
        if reads:
            self.db_for_read = self.elsewhere
        if writes:
            self.db_for_write = self.elsewhere

    def elsewhere(self, model: type[Model], **hints: Any) -> str | None:
        return "elsewhere" if model._meta.app_label == self.label else None


@pytest.mark.parametrize(
    ("label", "reads", "writes", "ids"),
    [
        ("attune_tracking", True, True, ["tracking.E011"]),
        ("attune_consent", False, True, ["tracking.E011"]),
        ("attune_segments", True, False, ["tracking.E011"]),
        ("auth", True, True, []),
    ],
)
def test_check_databases__router__may_send_others_elsewhere(
    settings: Any, label: str, reads: bool, writes: bool, ids: list[str]
) -> None:
    settings.DATABASE_ROUTERS = [Router(label, reads=reads, writes=writes)]
    assert [message.id for message in check_databases()] == ids


def test_check_databases__no_router__is_content() -> None:
    assert check_databases() == []
