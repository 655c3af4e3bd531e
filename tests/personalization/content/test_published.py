"""The published configuration: it moves with every change, and one bad row spoils only itself."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core import serializers
from django.db import transaction
from django.http import HttpRequest

from personalization.content.models import (
    Block,
    CallToAction,
    CallToActionOverride,
    Variant,
)
from personalization.content.pictures.models import Picture
from personalization.content.services import decide, decide_call_to_action
from personalization.profiles.head import configuration_version
from tests.personalization.content.visitors import judged, request_of, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def hero() -> Block:
    block = Block.objects.create(key="hero", name="Hero", default="<p>for all</p>")
    variant = Variant.objects.create(block=block, name="Fans", body="<p>for fans</p>", audience_kind="segments")
    variant.segments.add(segment("fans"))
    return block


def _fan() -> HttpRequest:
    return request_of(judged(uuid4(), ["fans"]))


def test_published__saves_and_deletions_of_everything__move_the_version() -> None:
    fans = segment("fans")
    versions = [configuration_version()]

    def moved() -> bool:
        versions.append(configuration_version())
        return versions[-1] > versions[-2]

    block = Block.objects.create(key="a", name="A")
    assert moved()
    variant = Variant.objects.create(block=block, name="V")
    assert moved()
    variant.segments.add(fans)
    assert moved()
    cta = CallToAction.objects.create(key="c", name="C", label="C", url="/")
    assert moved()
    override = CallToActionOverride.objects.create(cta=cta, segment=fans)
    assert moved()
    override.delete()
    assert moved()
    variant.segments.clear()
    assert moved()
    block.delete()
    assert moved()
    CallToAction.objects.all().delete()
    assert moved()


def test_published__row_that_makes_no_sense__is_left_out_alone(hero: Block, caplog: pytest.LogCaptureFixture) -> None:
    picture = Picture.objects.create(image="a.png", width=1, height=1, alt=["imported"])
    Variant.objects.create(block=hero, name="Imported", order=1, body_kind="image", picture=picture)
    Variant.objects.create(block=hero, name="For all", order=2, body="<p>all</p>")
    shown = [decide(request, "hero").variant for request in (_fan(), request_of())]
    assert [variant and variant.name for variant in shown] == ["Fans", "For all"]
    assert "'Imported'" in caplog.text


def test_published__loaded_fixture__moves_the_version(hero: Block) -> None:
    (loaded,) = serializers.deserialize("json", serializers.serialize("json", [hero]))
    before = configuration_version()
    loaded.save()
    assert configuration_version() > before


def test_published__changed_block__the_next_request_shows_it(hero: Block) -> None:
    visitor = judged(uuid4(), ["fans"])
    assert decide(request_of(visitor), "hero").variant is not None
    Variant.objects.get().delete()
    assert decide(request_of(visitor), "hero").variant is None


def test_published__rolled_back_change__is_not_shown_afterwards(hero: Block) -> None:
    visitor = judged(uuid4(), ["fans"])
    with transaction.atomic():
        hero.default = "<p>never</p>"
        hero.save()
        assert decide(request_of(), "hero").default == "<p>never</p>"
        transaction.set_rollback(True)
    Variant.objects.get().save()
    assert decide(request_of(visitor), "hero").default == "<p>for all</p>"


def test_published__stored_script__is_sanitized_when_compiled(hero: Block) -> None:
    Block.objects.filter(pk=hero.pk).update(default="<p>x<script>alert(1)</script></p>")
    Variant.objects.update(body='<p onclick="x()">y</p>')
    cta = CallToAction.objects.create(key="join", name="Join", label="Join", url="/")
    CallToAction.objects.filter(pk=cta.pk).update(url="javascript:alert(1)")
    hero.refresh_from_db()
    Variant.objects.get().segments.clear()  # publishes
    decision = decide(_fan(), "hero")
    assert decision.default == "<p>x</p>"
    look = decide_call_to_action(request_of(), "join").look
    assert look is not None
    assert look.url == ""
