"""Blocks of other rooms: decided, paused and kept apart like those of the admin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest
from django.test import Client

from personalization.content import sources
from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant
from personalization.content.deciding.reasons import Outcome
from personalization.content.models import Block
from personalization.content.pausing import pause_everything, resume_everything
from personalization.content.services import decide
from personalization.content.serving.rendering import render_block
from personalization.profiles.services import publish
from tests.personalization.content.visitors import request_of

pytestmark = pytest.mark.django_db
OFFER = PublishedVariant("0b5f8c1e-0000-4000-8000-000000000001", "Offer", None, is_elsewhere=True)
BLOCK = PublishedBlock("elsewhere:1", live=True, default="", variants=(OFFER,), name="Elsewhere")


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    monkeypatch.setattr(sources, "_sources", {})

    def register(*blocks: PublishedBlock) -> None:
        def source() -> Iterable[PublishedBlock]:
            return blocks

        sources.register("elsewhere", source)
        publish()

    return register


@pytest.fixture(autouse=True)
def _published_anew() -> Iterator[None]:
    """What was compiled with a test's source is nothing for the next test."""
    yield
    publish()


def test_source__with_a_block__is_decided(register: Callable[..., None]) -> None:
    register(BLOCK)
    decision = decide(request_of(), "elsewhere:1")
    assert decision.variant == OFFER
    assert decision.reason.outcome is Outcome.VARIANT


def test_source__everything_paused__shows_its_default(register: Callable[..., None]) -> None:
    register(BLOCK)
    pause_everything(by="eva")
    assert decide(request_of(), "elsewhere:1").reason.outcome is Outcome.ALL_PAUSED
    resume_everything()
    assert decide(request_of(), "elsewhere:1").variant == OFFER


def test_source__name_of_a_block_of_the_admin__does_not_replace_it(register: Callable[..., None]) -> None:
    Block.objects.create(key="hero", name="Hero", default="<p>admin</p>")
    register(PublishedBlock("hero", live=True, default="", variants=(OFFER,)))
    assert decide(request_of(), "hero").default == "<p>admin</p>"


def test_source__registered_anew__replaces_what_it_was(register: Callable[..., None]) -> None:
    register(BLOCK)
    register()
    assert decide(request_of(), "elsewhere:1").reason.outcome is Outcome.UNKNOWN


def test_render_block__variant_of_a_source__is_rendered_by_the_source(register: Callable[..., None]) -> None:
    register(BLOCK)
    html = render_block(
        request_of(),
        "elsewhere:1",
        body=lambda: "default",
        render_template=str,
        render_variant=lambda variant: f"<b>{variant.name}</b>",
    )
    opening = f'<div class="attune-block" data-attune-block="elsewhere:1" data-attune-variant="{OFFER.uuid}">'
    assert html == f"{opening}<b>Offer</b></div>"


def test_blocks__asked_for_after_the_page__leave_what_a_source_keeps(
    register: Callable[..., None], client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    register(BLOCK)
    answer = client.get("/personalization/blocks/?keys=elsewhere:1").json()
    assert answer["blocks"] == {"elsewhere:1": {"variant": "default", "html": None}}
    assert caplog.records == []
