"""Blocks in an alias that a template shows by itself: drafts, caches, and what editors are told."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from djangocms_alias.models import Alias, AliasContent, Category
from pytest_django import Settings

from personalization.djangocms.models import PersonalizedBlock
from personalization.testing import AssertNoVariantLeak, MakeVisitor
from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import (
    editor,
    make_page,
    next_draft,
    publish,
    put,
    put_block,
    put_default,
    put_variant,
    slot,
)
from tests.personalization.djangocms.test_caching import _leaks, _unprotect_pages, _unprotect_placeholders
from tests.personalization.djangocms.test_deciding import HOME, seen_by

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def footer(settings: Settings) -> AliasContent:
    """The alias of a template, with a block; nothing of it is published. The page that shows it is."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "footer"}}
    cache.clear()
    alias = Alias.objects.create(category=Category.objects.create(name="Static"), static_code="footer")
    content: AliasContent = AliasContent.objects.with_user(editor()).create(alias=alias, name="footer", language="en")
    block = put_block(content.placeholder)
    put_variant(block, "for fans", segment("fans"))
    put_default(block, "for others")
    home = make_page(template="aliased.html")
    put(slot(home), "TextPlugin", body="<p>the same for all</p>")
    publish(home)
    return content


@pytest.mark.filterwarnings("ignore:No user has been supplied:UserWarning")  # of djangocms-alias, for its next version
def test_static_alias__with_a_block__is_decided_once_it_is_published(
    footer: AliasContent, attune_visitor: MakeVisitor
) -> None:
    fan = attune_visitor("fans")
    assert "for" not in seen_by(fan).partition("<footer>")[2]
    publish(footer)
    assert "for fans" in seen_by(fan)
    assert "for others" in seen_by(attune_visitor())
    draft = next_draft(footer)
    block = PersonalizedBlock.objects.get(placeholder=draft.placeholder)
    assert f"cms:{block.uuid}" in seen_by(fan)  # the same block in each version
    put_variant(block, "not yet", name="not yet")
    block.get_children()[0].delete()
    assert "for fans" in seen_by(fan)
    publish(draft)
    assert "not yet" in seen_by(fan)


def test_static_alias__with_a_block__leaks_to_nobody(
    client: Client,
    footer: AliasContent,
    attune_visitor: MakeVisitor,
    assert_no_variant_leak: AssertNoVariantLeak,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(footer)
    visitors = [attune_visitor(), attune_visitor("fans"), attune_visitor(agreed=False)]
    assert_no_variant_leak(client, HOME, visitors, visits=12)
    _unprotect_placeholders(monkeypatch)
    _unprotect_pages(monkeypatch)
    _leaks(lambda: assert_no_variant_leak(client, HOME, visitors, visits=12))
