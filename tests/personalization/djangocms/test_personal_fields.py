"""Personal fields in texts of variants: for whom they are filled in, where not, and what editors are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from consent import cookies
from personalization.profiles.services import set_traits
from personalization.testing import AssertNoVariantLeak, MakeVisitor, Visitor
from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import (
    make_page,
    publish,
    put,
    put_block,
    put_default,
    put_text,
    put_variant,
    slot,
)
from tests.personalization.djangocms.test_deciding import HOME, seen_by
from tests.personalization.djangocms.test_editing import edited

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HELLO = 'Hello {{ visitor.first_name|default:"you" }}'


@pytest.fixture
def fields(settings: Settings) -> None:
    """Texts may say first names."""
    settings.PERSONALIZATION_PERSONAL_FIELDS = ["first_name"]


def called(visitor: Visitor, first_name: str) -> Visitor:
    """The visitor, of whom the first name is known."""
    visitor_id = cookies.decode_visitor(visitor.cookies[cookies.VISITOR])
    assert visitor_id is not None
    set_traits(visitor_id, {"first_name": first_name}, source="test", now=timezone.now())
    return replace(visitor, name=first_name)


def test_personal_fields__in_a_variant__are_filled_in_and_leak_to_nobody(
    client: Client, fields: None, attune_visitor: MakeVisitor, assert_no_variant_leak: AssertNoVariantLeak
) -> None:
    home = make_page()
    block = put_block(slot(home))
    variant = put_variant(block, HELLO)
    put_text(put(slot(home), "IfSegmentPlugin", variant, segment=segment("fans"), is_negated=True), HELLO)
    put(slot(home, "aside"), "TextPlugin", body=HELLO)
    put_default(block, HELLO)
    publish(home)
    ada = called(attune_visitor(agreed=True), "<Ada>")
    page = seen_by(ada)
    assert page.count("Hello &lt;Ada&gt;") == 2
    assert "Hello you" in seen_by(attune_visitor())
    visitors = [ada, called(attune_visitor(agreed=True), "Ben"), attune_visitor(agreed=False)]
    assert_no_variant_leak(client, HOME, visitors, visits=12)
    assert "visitor.first_name" in page  # outside of variants a text stays as it is


def test_personal_fields__that_are_none__let_the_variant_fail_and_are_told_to_editors(
    fields: None, attune_visitor: MakeVisitor
) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "Hello {{ visitor.salary|default:'you' }}", name="Wrong")
    put_default(block, HELLO)
    assert "visitor.salary" in edited(home).partition("texts may not show this")[0]
    publish(home)
    page = seen_by(called(attune_visitor(agreed=True), "Ada"))
    assert "salary" not in page
    assert "Hello you" in page


def test_personal_fields__in_a_block_after_the_page__are_filled_in(fields: None, attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home), show="deferred")
    put_variant(block, HELLO)
    put_default(block, HELLO)
    publish(home)
    client = Client()
    client.cookies.load(called(attune_visitor(agreed=True), "Ada").cookies)
    page = client.get(HOME)
    assert "Hello you" in page.content.decode()
    assert "private" not in page.headers["Cache-Control"]
    answer = client.get("/personalization/blocks/", {"keys": block.key, "page": HOME}).json()
    assert "Hello Ada" in answer["blocks"][block.key]["html"]
