"""The admin of calls to action: exceptions, links that lead elsewhere, and what never gets through."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from personalization.content import targets
from personalization.content.models import CallToAction, CallToActionOverride
from personalization.content.serving.rendering import render_cta
from personalization.content.targets import TargetKind
from personalization.segments.models import Segment
from tests.personalization.content.visitors import judged, request_of, segment

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
ENGLISH_AND_GERMAN = [("en", "English"), ("de", "German")]


def _cta_form(segment: Segment, **fields: Any) -> dict[str, Any]:
    override = {"order": 1, "segment": segment.pk, "label": "Welcome", "url": "", "style": ""}
    override |= {name.removeprefix("override_"): value for name, value in fields.items() if name.startswith("override")}
    return {
        "name": "Join",
        "key": "join",
        "label": "Join us",
        "url": "/join/",
        "style": "primary",
        "overrides-TOTAL_FORMS": 1,
        "overrides-INITIAL_FORMS": 0,
        **{f"overrides-0-{name}": value for name, value in override.items()},
        **{name: value for name, value in fields.items() if not name.startswith("override")},
    }


def test_cta_admin__new_with_an_override__the_next_request_shows_it(admin_client: Client) -> None:
    fans = segment("fans")
    response = admin_client.post(reverse("admin:attune_content_calltoaction_add"), _cta_form(fans))
    assert response.status_code == 302
    assert "Welcome" in render_cta(request_of(judged(uuid4(), ["fans"])), "join")
    assert "Join us" in render_cta(request_of(), "join")


def _overrides(client: Client, *overrides: dict[str, Any]) -> str:
    """Post a call to action with these exceptions; an empty text says that it was saved."""
    data = {name: value for name, value in _cta_form(Segment()).items() if not name.startswith("overrides")}
    data |= {"overrides-TOTAL_FORMS": len(overrides), "overrides-INITIAL_FORMS": 0}
    for number, override in enumerate(overrides):
        whole = {"order": number, "segment": "", "label": f"L{number}", "url": "", "style": ""} | override
        data |= {f"overrides-{number}-{name}": value for name, value in whole.items()}
    response = client.post(reverse("admin:attune_content_calltoaction_add"), data)
    return "" if response.status_code == 302 else response.content.decode()


def test_cta_admin__exception_for_a_language__needs_no_segment(admin_client: Client, settings: Settings) -> None:
    settings.LANGUAGES = ENGLISH_AND_GERMAN
    fans = segment("fans")
    assert not _overrides(
        admin_client,
        {"languages": ["de"]},
        {"segment": fans.pk, "languages": ["de"]},
        {"segment": fans.pk},
    )
    assert [str(override) for override in CallToActionOverride.objects.all()] == [
        "Join · German",
        "Join · Fans · German",
        "Join · Fans",
    ]


def test_cta_admin__exception_for_nobody_in_particular__is_refused(admin_client: Client, settings: Settings) -> None:
    settings.LANGUAGES = ENGLISH_AND_GERMAN[:1]
    assert "Choose a segment." in _overrides(admin_client, {})
    settings.LANGUAGES = ENGLISH_AND_GERMAN
    assert "Choose a segment or languages." in _overrides(admin_client, {})


@pytest.mark.parametrize("with_segment", [True, False])
def test_cta_admin__two_exceptions_for_the_same_visitors__are_refused(
    admin_client: Client, settings: Settings, with_segment: bool
) -> None:
    settings.LANGUAGES = ENGLISH_AND_GERMAN
    one = {"languages": ["de"]} | ({"segment": segment("fans").pk} if with_segment else {})
    html = _overrides(admin_client, one, one)
    assert "There is an exception for this segment and these languages already." in html or "duplicate" in html
    assert not CallToAction.objects.exists()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "ftp://x", "shop"])
@pytest.mark.parametrize("field", ["url", "override_url"])
def test_cta_admin__link_elsewhere__is_refused(admin_client: Client, url: str, field: str) -> None:
    response = admin_client.post(
        reverse("admin:attune_content_calltoaction_add"), _cta_form(segment("fans"), **{field: url})
    )
    assert "Enter a path on this site" in response.content.decode()
    assert not CallToAction.objects.exists()


def test_cta_admin__scripts_in_every_text__are_escaped(admin_client: Client) -> None:
    fans = segment("fans")
    data = _cta_form(fans, name=SCRIPT, label=SCRIPT, override_label=SCRIPT)
    assert admin_client.post(reverse("admin:attune_content_calltoaction_add"), data).status_code == 302
    cta = CallToAction.objects.get()
    for url in (
        reverse("admin:attune_content_calltoaction_changelist"),
        reverse("admin:attune_content_calltoaction_change", args=[cta.pk]),
    ):
        assert SCRIPT not in admin_client.get(url).content.decode()
    for request in (request_of(), request_of(judged(uuid4(), ["fans"]))):
        assert SCRIPT not in render_cta(request, "join")


def test_cta_admin__many_exceptions__read_the_segments_and_the_targets_once(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def pages() -> Iterable[tuple[str, str, str]]:
        read.append("page")
        return [("1", "Home", "/home/")]

    kind = TargetKind("page", str, pages)
    monkeypatch.setitem(targets._kinds, "page", kind)
    counts, reads = [], []
    for number in (1, 4):
        call = CallToAction.objects.create(name=f"Join {number}", key=f"join-{number}", label="Join", url="/join/")
        for place in range(number):
            fans = segment(f"fans-{number}-{place}")
            CallToActionOverride.objects.create(cta=call, order=place, segment=fans, label="Come")
        with CaptureQueriesContext(connection) as queries:
            page = admin_client.get(reverse("admin:attune_content_calltoaction_change", args=[call.pk]))
        assert page.content.decode().count("Fans 1 0</option>") == number + 1  # and the empty line
        counts.append(len([query for query in queries if "attune_segments_segment" in query["sql"]]))
        reads.append(len(read))
        read.clear()
    assert counts[0] == counts[1]
    assert reads[0] == reads[1]


def test_cta_admin__page_by_its_title__is_kept_by_its_name_and_listed_by_its_title(admin_client: Client) -> None:
    add = reverse("admin:attune_content_calltoaction_add")
    admin_client.post(add, _cta_form(segment("fans"), url="Cart (/cart/)", override_url="Cart (/cart/)"))
    cta = CallToAction.objects.get()
    assert (cta.url, cta.overrides.get().url) == ("view:site:cart", "view:site:cart")
    page = admin_client.get(reverse("admin:attune_content_calltoaction_change", args=[cta.pk])).content.decode()
    assert page.count('value="Cart (/cart/)"') == 3
    listed = admin_client.get(reverse("admin:attune_content_calltoaction_changelist")).content.decode()
    assert "Cart (/cart/)" in listed
    assert "view:site" not in listed
    assert "&quot;#id_key&quot;" in admin_client.get(add).content.decode()
