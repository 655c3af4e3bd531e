"""A variant that takes too long gives way to the default: cut off where that is harmless, at the latest at its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.template import Context
from django.template.backends.django import DjangoTemplates
from django.template.backends.jinja2 import Jinja2
from pytest_django import Settings

from personalization.content.models import Block, Variant
from personalization.content.serving import cutting
from personalization.content.serving.cutting import TooLate, cut_off_after, in_time, look_at_the_time
from personalization.content.serving.filling import fill
from personalization.content.serving.page_context import PageContext
from personalization.content.serving.rendering import render_block
from personalization.segments.presence import presence_of
from tests.personalization.content.visitors import request_of

LAYOUT = "slow.html"


class Clock:
    """A clock that stands still until somebody takes their time."""

    def __init__(self) -> None:
        self.at = 100.0
        self.work: list[str] = []

    def take(self, seconds: float, what: str = "") -> str:
        """Work for so long."""
        self.at += seconds
        self.work.append(what)
        return what


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Clock:
    """The clock by which variants are cut off, after as many seconds as on any site."""
    del settings.PERSONALIZATION_SLOW_VARIANT
    clock = Clock()
    monkeypatch.setattr(cutting, "monotonic", lambda: clock.at)
    return clock


@pytest.fixture
def slow(db: None, settings: Settings) -> Variant:
    settings.PERSONALIZATION_VARIANT_TEMPLATES = [LAYOUT]
    block = Block.objects.create(key="hero", name="Hero", default="<p>for all</p>")
    return Variant.objects.create(block=block, name="Slow", body_kind="template", template_name=LAYOUT)


def _works(clock: Clock) -> dict[str, Any]:
    return {name: lambda name=name: clock.take(1.5, name) for name in ("one", "two", "three")}


def _block_in(engine: Callable[[dict[str, Any]], Any], folder: Path, options: dict[str, Any], head: str) -> Any:
    made = engine({"NAME": "made", "DIRS": [folder], "APP_DIRS": False, "OPTIONS": options})
    return made.from_string(head + '{% personalized_block "hero" %}{% endpersonalized_block %}')


@pytest.mark.parametrize("language", ["django", "jinja2"])
def test_layout__that_takes_too_long__is_cut_off_counted_and_logged(
    slow: Variant, clock: Clock, language: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if language == "django":
        (tmp_path / LAYOUT).write_text("{% for work in works %}{{ work }}{% endfor %}")
        processors = ["django.template.context_processors.request"]
        page = _block_in(
            DjangoTemplates, tmp_path, {"context_processors": processors}, head="{% load personalization %}"
        )
    else:
        (tmp_path / LAYOUT).write_text("{% for work in works %}{{ work() }}{% endfor %}")
        page = _block_in(Jinja2, tmp_path, {"extensions": ["personalization.jinja2.PersonalizationExtension"]}, head="")
    html = page.render({"works": list(_works(clock).values())}, request_of())
    assert "for all" in html
    assert clock.work == ["one", "two"]
    slow.refresh_from_db()
    assert (slow.failures, slow.why_failing) == (1, "It took longer than 2 seconds.")
    assert "could not be rendered: the default is shown" in caplog.text
    assert "It took longer than 2 seconds" in caplog.text


def test_layout__late_without_a_place_to_cut__gives_way_to_the_default_as_well(
    slow: Variant, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def render(seconds: float) -> str:
        return render_block(
            request_of(), "hero", body=str, render_template=lambda name: clock.take(seconds, "<b>done</b>")
        )

    assert "done" in render(2.0)
    assert "for all" in render(2.1)
    slow.refresh_from_db()
    assert slow.failures == 1


def test_filled_block__late_layout__is_cut_off(slow: Variant, clock: Clock, tmp_path: Path, settings: Settings) -> None:
    (tmp_path / LAYOUT).write_text("{{ request.one }}{{ request.two }}{{ request.three }}")
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [tmp_path],
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ]
    request = request_of()
    vars(request).update(_works(clock))
    assert fill(request, ["hero"], PageContext()).blocks["hero"].variant == "default"
    assert clock.work == ["one", "two"]


@pytest.mark.django_db
def test_query__time_is_over__is_not_sent_and_transactions_end_as_they_began(clock: Clock) -> None:
    def work() -> None:
        with cut_off_after(2):
            User.objects.create(username="before")
            with transaction.atomic():
                Group.objects.create(name="within")
                clock.take(3)
                Group.objects.create(name="late")

    with transaction.atomic():
        with pytest.raises(TooLate):
            work()
        assert not connection.needs_rollback
        assert [User.objects.count(), Group.objects.count()] == [1, 0]


def test_cutting__a_part_within__counts_its_own_time_alone(clock: Clock) -> None:
    def part(seconds: float) -> None:
        with cut_off_after(2):
            clock.take(seconds)

    with cut_off_after(2):
        clock.take(1)
        part(1.9)
        look_at_the_time()
        with pytest.raises(TooLate):
            part(5)
        clock.take(0.9)
        look_at_the_time()
    clock.take(100)
    look_at_the_time()  # nobody's time
    with pytest.raises(TooLate):
        part(2.1)


@pytest.mark.parametrize("look", [lambda held: held["a"], lambda held: held.get("a"), lambda held: held.new({})])
def test_context__in_time__is_watched_wherever_templates_take_it(clock: Clock, look: Callable[[Context], Any]) -> None:
    context = Context({"a": 1})
    watched = in_time(in_time(context))
    assert (watched == context, type(context)) == (True, Context)

    def late() -> None:
        with cut_off_after(2):
            clock.take(3)
            assert look(watched).get("a")

    with pytest.raises(TooLate):
        late()


def test_presence__read_cut_off__is_asked_again_by_the_rest_of_the_page() -> None:
    presence = presence_of(request_of())

    def late() -> None:
        raise TooLate

    with pytest.raises(TooLate):
        presence.asked(late)
    assert presence.asked(lambda: "read") == "read"
