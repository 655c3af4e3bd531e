"""The page about rights says what the code gives and hides."""

from __future__ import annotations

import re

from django.apps import apps

from personalization.management.commands.setup_attune import FORMER, GROUPS
from personalization.profiles.discretion import LONG_NUMBER
from tests.docs.reading import document, rows, section
from tracking.access import DIGITS, HOLDS
from tracking.counts import SMALL
from tracking.pseudonyms import IDENTIFYING, is_identifying

PAGE = "docs/how-to/give-rights.md"


def test_groups__page__has_each() -> None:
    text = document(PAGE)
    assert {row[0] for row in rows(text.partition("\n## ")[0])} == set(GROUPS)
    for former, name in FORMER.items():
        assert f"“{former}” of an earlier version becomes “{name}”" in text
    assert all(f"“{name}”" in document("docs/reference/commands.md") for name in GROUPS)


def test_permissions__page__has_all_that_are_our_own() -> None:
    own = {
        f"{model._meta.app_label}.{code}"
        for model in apps.get_models()
        if model._meta.app_label.startswith("attune")
        for code, _ in model._meta.permissions
    }
    told = {row[0].strip("`") for row in rows(section(PAGE, "What each permission opens"))}
    assert told - own == {"attune_tracking.view_visitor", "attune_tracking.view_visitoraccess"}
    assert own <= told


def test_reason__page__tells_how_long_and_how_much() -> None:
    text = section(PAGE, "Stating a reason")
    assert HOLDS.total_seconds() == 3600
    assert "for an hour" in text
    assert f"first {DIGITS} digits" in text


def test_pseudonymous_page__page__tells_what_is_left_out() -> None:
    text = section(PAGE, "What a pseudonymous page leaves out")
    assert set(re.findall(r"`([a-z_]+)`", text)) == IDENTIFYING | {"billing_email", "name"}
    assert is_identifying("billing_email")
    assert "below a million" in text
    assert LONG_NUMBER == 1_000_000


def test_small_numbers__page__tells_the_border() -> None:
    assert f"“under {SMALL}”" in section(PAGE, "Small numbers")
