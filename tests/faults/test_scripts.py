"""Scripts in everything that editors and visitors can write: they are shown as texts, and never run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from personalization.content.models import Block, CallToAction, CallToActionOverride, Variant
from personalization.profiles.models import Trait
from personalization.profiles.services import publish
from personalization.segments.models import Segment, Status
from personalization.segments.services import count_members, judge_visitors
from tests.services.processes import SiteProcess
from tests.tracking.senders import DESKTOP, Sender, wire
from tracking.models import EventType, Import, RefusedEvents, StoredEvent

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog

pytestmark = pytest.mark.once

SCRIPT = "\"'></textarea></style></script><script>alert(1)</script><img src=x onerror=alert(2)><!--"
"""Ends whatever it may stand in: an attribute, a text area, a style, a script; what follows would be a comment."""
LINKS = ("javascript:alert(3)", "data:text/html,<script>alert(4)</script>", '/" onclick="alert(5)', "//evil.example")
RICH = (
    '<p onmouseover="alert(6)">readable</p><a href="javascript:alert(7)">go</a><svg onload="alert(8)"></svg>'
    '<iframe srcdoc="<script>alert(9)</script>"></iframe><math><mtext><style><img src=x onerror=alert(10)></style>'
    f"</mtext></math><p>{SCRIPT}</p>"
)

ADDRESSES = frozenset({"href", "src", "action", "formaction", "xlink:href", "poster", "data", "background"})
HARMLESS_SCRIPTS = frozenset({"application/json", "importmap", "text/plain"})


class Executable(HTMLParser):
    """What a browser would run of a page, beside the files of the site itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_script = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.found += [f"<{tag} {name}={value}>" for name, value in attrs if name.startswith("on") or name == "srcdoc"]
        for name in ADDRESSES & values.keys():
            if urlsplit(values[name].strip()).scheme.lower() in {"javascript", "data", "vbscript"}:
                self.found.append(f"<{tag} {name}={values[name]}>")
        if tag in {"iframe", "object", "embed", "svg:script"}:
            self.found.append(f"<{tag}>")
        if tag == "script":
            if values.get("src"):
                if urlsplit(values["src"]).netloc:
                    self.found.append(f"<script src={values['src']}>")
            elif values.get("type") not in HARMLESS_SCRIPTS:
                self._in_script = f"<script {values}>"

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_script = ""

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.found.append(f"{self._in_script}{data.strip()[:200]}")


def executable(html: str) -> list[str]:
    parser = Executable()
    parser.feed(html)
    parser.close()
    return parser.found


def test_executable__pages_with_and_without_scripts__are_told_apart() -> None:
    for html in (SCRIPT, RICH, *(f'<a href="{link}">x</a>' for link in LINKS[:3])):
        assert executable(html), html
    assert executable('<script src="/static/a.js" defer></script><a href="/x">&lt;script&gt;</a>') == []


@pytest.fixture
def poisoned(db: None) -> UUID:
    """Scripts wherever somebody may write, past every form: the rows are as another hand may have left them."""
    rule = {
        "any": [
            {"event": "view_item", "where": [{"property": "item_name", "is": SCRIPT}]},
            {"event": "view_item", "per": "item_category", "at_least": 1},
            {"trait": "note", "is": SCRIPT},
        ]
    }
    segment = Segment.objects.create(slug="everyone", name=SCRIPT, description=SCRIPT, rule=rule, status=Status.ACTIVE)
    Segment.objects.create(slug="above", name=SCRIPT + "2", rule={"segment": "everyone"}, status=Status.ACTIVE)
    block = Block.objects.create(key="hero", name=SCRIPT)
    first = Variant.objects.create(block=block, name=SCRIPT, audience_kind="segments", order=1)
    first.segments.add(segment)
    Variant.objects.create(block=block, name=SCRIPT, audience_kind="rule", rule=rule, order=2)
    Block.objects.update(default=RICH)
    Variant.objects.update(body=RICH)
    cta = CallToAction.objects.create(key="join", name=SCRIPT, label=SCRIPT, url="/", style="primary")
    override = CallToActionOverride.objects.create(cta=cta, segment=segment, label=SCRIPT)
    CallToActionOverride.objects.filter(pk=override.pk).update(url=LINKS[2])
    for number, link in enumerate(LINKS):
        other = CallToAction.objects.create(key=f"link-{number}", name=SCRIPT, label=SCRIPT, url="/")
        CallToAction.objects.filter(pk=other.pk).update(url=link)
    EventType.objects.create(
        name="waved", label=SCRIPT, purposes=3, properties={"hand": "any", SCRIPT[:60]: "text"}, enabled=True
    )
    publish()

    sender = Sender()
    page = {"url": f"https://shop.example/{SCRIPT}?q={SCRIPT}", "title": SCRIPT, "referrer": f"http://{SCRIPT}"}
    events = [
        wire(page=page, properties={"item_id": SCRIPT, "item_name": SCRIPT, "item_category": SCRIPT}),
        wire(page=page, properties={"item_id": [SCRIPT] * 3, "items": [{"item_name": SCRIPT}]}),
        wire("waved", page={**page, "url": LINKS[0]}, properties={"hand": SCRIPT}),
        wire(SCRIPT),
    ]
    assert sender.send(*events).json()["accepted"] == 3
    # What the collector would cut off, too.
    StoredEvent.objects.filter(name="waved").update(url=LINKS[0], title=SCRIPT, referrer=LINKS[1], device="<b>")
    now = timezone.now()
    Trait.objects.create(visitor_id=sender.visitor_id, name=SCRIPT, value=SCRIPT, source=SCRIPT, updated_at=now)
    Trait.objects.create(visitor_id=sender.visitor_id, name="note", value=SCRIPT, source=SCRIPT, updated_at=now)
    RefusedEvents.objects.create(day=now.date(), reason=SCRIPT[:40], count=1)
    Import.objects.create(**import_fields())
    judge_visitors([sender.visitor_id])
    count_members(now=now)
    return sender.visitor_id


def import_fields() -> dict[str, Any]:
    """An import of a file and a mapping that are full of scripts."""
    values: dict[str, Any] = {}
    for field in Import._meta.concrete_fields:
        kind = field.get_internal_type()
        if field.primary_key or field.null or field.has_default():
            if kind in {"CharField", "TextField"} and not field.choices:
                values[field.name] = SCRIPT[: field.max_length]
        elif kind in {"CharField", "TextField"}:
            values[field.name] = SCRIPT[: field.max_length]
        elif kind == "DateTimeField":
            values[field.name] = timezone.now()
        elif kind == "DurationField":
            values[field.name] = timedelta()
        elif kind.endswith("IntegerField"):
            values[field.name] = 3
    return values


def admin_paths(visitor_id: UUID) -> list[str]:
    """Every page of the admin on which something of this can be seen."""
    paths = [reverse("admin:index")]
    for model in (Segment, Block, CallToAction, EventType, Import):
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        paths.append(reverse(f"admin:{name}_changelist"))
        for row in model._default_manager.all():
            views = ("change", "history") if model is Import else ("change", "history", "delete")
            paths += [reverse(f"admin:{name}_{view}", args=[row.pk]) for view in views]
    paths += [reverse(f"admin:attune_tracking_{name}_changelist") for name in ("visitor", "refusedevents")]
    paths.append(reverse("admin:attune_tracking_visitor_change", args=[visitor_id]))
    paths += [reverse(f"admin:attune_content_{name}_add") for name in ("block", "calltoaction")]
    return paths


def test_pages__scripts_in_every_field__have_nothing_to_run(poisoned: UUID, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.faults.pages"
    member = Sender(visitor_id=poisoned)
    for name, value in member.cookies().items():
        member.client.cookies[name] = value
    for link in ("/", *LINKS):
        CallToAction.objects.filter(key="join").update(url=link)
        publish()
        for client in (Client(), member.client):
            response = client.get("/", headers={"user-agent": DESKTOP})
            html = response.content.decode()
            assert response.status_code == 200
            assert 'data-attune-block="hero"' in html
            assert executable(html) == []
            # The words are there, as words: nothing was dropped with the scripts.
            assert "readable</p>" in html
            assert "go</a>" in html
            assert ("&lt;script&gt;alert(1)" in html) is (link == "/")
            assert "evil.example" not in html


def test_editor__scripts_in_stored_texts__is_given_nothing_to_run(poisoned: UUID, admin_client: Client) -> None:
    """The editor builds its text into the page before it looks at it; only Chromium would show that."""
    path = reverse("admin:attune_content_block_change", args=[Block.objects.get().pk])
    html = admin_client.get(path).content.decode()
    texts = re.findall(r"<textarea[^>]*data-django-prose-editor[^>]*>(.*?)</textarea>", html, re.DOTALL)
    assert len(texts) > 2
    assert sum("readable" in text for text in texts) == 3
    for text in texts:
        assert executable(unescape(text)) == []


def test_admin__scripts_in_every_field_and_property__has_nothing_to_run(poisoned: UUID, admin_client: Client) -> None:
    seen = ""
    for path in admin_paths(poisoned):
        response = admin_client.get(path)
        assert response.status_code == 200, path
        html = response.content.decode()
        assert executable(html) == [], path
        seen += html
    assert seen.count("&lt;script&gt;alert(1)") > 50
    words = admin_client.post(
        reverse("admin:attune_segments_segment_rule_in_words"),
        {"rule": json.dumps({"event": "view_item", "where": [{"property": "item_id", "is": SCRIPT}]}), "slug": SCRIPT},
    )
    assert words["Content-Type"] == "application/json"


@pytest.fixture
def watched(new_visitor: Callable[..., BrowserContext]) -> Iterator[BrowserContext]:
    """A browser in which a dialog, a broken policy or an error of a script fails the test."""
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def spoke(dialog: Dialog) -> None:
        complaints.append(f"{dialog.page.url if dialog.page else ''}: dialog {dialog.message}")
        dialog.dismiss()

    context = new_visitor(viewport={"width": 1280, "height": 900})
    context.on("console", heard)
    context.on("dialog", spoke)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    assert complaints == [], "\n".join(complaints)


@pytest.mark.django_db(transaction=True)
def test_browser__scripts_in_every_field_and_property__runs_none_of_them(
    watched: BrowserContext,
    start_faulty_site: Callable[..., SiteProcess],
    poisoned: UUID,
) -> None:
    site = start_faulty_site()
    User.objects.create_superuser("editor", password="secret")
    page = watched.new_page()
    page.goto(f"{site.url}/")
    assert "readable" in page.inner_text("main")
    watched.add_cookies(
        [
            {"name": name, "value": value, "url": site.url}
            for name, value in Sender(visitor_id=poisoned).cookies().items()
        ]
    )
    page.goto(f"{site.url}/")
    assert page.get_attribute("[data-attune-block=hero]", "data-attune-variant") != "default"
    for link in page.locator("a").all():
        assert urlsplit(str(link.evaluate("link => link.href"))).scheme in {"", "http", "https"}
    page.goto(f"{site.url}/admin/login/?next=/admin/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "secret")
    page.click("[type=submit]")
    page.wait_for_selector("#user-tools")
    # One page of each kind: rows of a kind share their templates and scripts.
    kinds: dict[str, str] = {}
    for path in admin_paths(poisoned):
        kinds["/".join(part for part in path.split("/") if not part.isdecimal())] = path
    for path in kinds.values():
        page.goto(f"{site.url}{path}", wait_until="networkidle" if path.endswith(("/change/", "/add/")) else "load")
        assert page.evaluate("document.readyState") == "complete"
