"""Of a group only one block of a page shows something, in whichever order the page has them."""

from __future__ import annotations

import pytest
from cms.models import PageContent
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from personalization.content.models import Block, BlockGroup, BlockGroupPlace
from personalization.content.models import Variant as VariantOfAdmin
from personalization.content.published import compile_published
from personalization.content.services import decide
from personalization.djangocms.forms import BlockForm
from personalization.djangocms.models import PersonalizedBlock
from personalization.testing import MakeVisitor
from tests.personalization.content.visitors import request_of, segment
from tests.personalization.djangocms.pages import (
    editor,
    make_page,
    next_draft,
    publish,
    put_block,
    put_default,
    put_variant,
    slot,
)
from tests.personalization.djangocms.test_deciding import seen_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> BlockGroup:
    return BlockGroup.objects.create(name="Offers")


def _member(content: PageContent, name: str, group: BlockGroup, order: int | None) -> PersonalizedBlock:
    block = put_block(slot(content), name, group=group, group_order=order)
    put_variant(block, f"{name} for all")
    put_default(block, f"{name} for others")
    return block


def _page(path: str = "/home/") -> list[str]:
    html = Client().get(path).content.decode()
    return [text for name in ("first", "second") for text in (f"{name} for all", f"{name} for others") if text in html]


@pytest.mark.parametrize("turned", [False, True])
def test_group__two_blocks_of_a_page__the_lower_number_shows_something(group: BlockGroup, turned: bool) -> None:
    home = make_page()
    for name, order in (("second", 2), ("first", 1)) if turned else (("first", 1), ("second", None)):
        _member(home, name, group, order)
    publish(home)
    assert _page() == ["first for all", "second for others"]
    group.delete()
    assert _page() == ["first for all", "second for all"]


def test_group__block_ahead_on_another_page__does_not_count_there(group: BlockGroup) -> None:
    home, shop = make_page(), make_page("Shöp")
    first = _member(home, "first", group, 1)
    _member(shop, "second", group, 2)
    publish(home)
    publish(shop)
    anywhere = Block.objects.create(key="teaser", name="Teaser")
    VariantOfAdmin.objects.create(block=anywhere, name="V", body="<p>teaser</p>")
    place = BlockGroupPlace.objects.create(group=group, block=anywhere, order=3)
    address = shop.page.get_absolute_url("en")
    assert _page(address) == ["second for all"]
    shown = {path: decide(request_of(path=path), "teaser") for path in ("/home/", address, "/elsewhere/")}
    assert [decision.variant is not None for decision in shown.values()] == [False, False, True]
    assert [decision.reason.other for decision in shown.values()] == ["first", "second", ""]
    place.order = 0
    place.save()
    assert _page() == ["first for others"]
    assert compile_published(1).blocks[first.key].ahead[0].key == "teaser"


def test_group__versions__a_draft_counts_once_it_is_published(group: BlockGroup) -> None:
    home = make_page()
    for order, name in enumerate(("first", "second")):
        _member(home, name, group, order)
    publish(home)
    draft = next_draft(home)
    assert set(PersonalizedBlock.objects.filter(placeholder=slot(draft)).values_list("group", flat=True)) == {group.pk}
    PersonalizedBlock.objects.get(placeholder=slot(draft), name="first").delete()
    assert _page() == ["first for all", "second for others"]
    publish(draft)
    assert _page() == ["second for all"]


def test_group__page_copied__its_blocks_are_in_none(group: BlockGroup) -> None:
    home = make_page()
    block = _member(home, "first", group, 1)
    publish(home)
    copied = home.page.copy(home.page.site, user=editor())
    copy = PersonalizedBlock.objects.get(placeholder=slot(PageContent.admin_manager.get(page=copied)))
    assert (copy.uuid == block.uuid, copy.group, copy.group_order) == (False, None, None)


def test_published__blocks_in_groups__cost_the_same_however_many(group: BlockGroup) -> None:
    counts = []
    for title in ("One", "Two", "Three"):
        page = make_page(title)
        _member(page, "first", group, 1)
        publish(page)
        with CaptureQueriesContext(connection) as queries:
            compile_published(1)
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_editor__group_and_form__name_all_blocks_in_order_with_their_pages(
    group: BlockGroup, admin_client: Client
) -> None:
    home, shop = make_page(), make_page("Shop")
    _member(home, "first", group, 20)
    publish(home)
    next_draft(home)
    _member(shop, "second", group, 10)
    block = Block.objects.create(key="teaser", name="Teaser")
    BlockGroupPlace.objects.create(group=group, block=block, order=30)
    html = admin_client.get(reverse("admin:attune_content_blockgroup_change", args=[group.pk])).content.decode()
    told = [
        "10 · ",
        "second</a> · on the page “Shop (en)” · in a draft: not published yet",
        "20 · ",
        "first</a> · on the page “Home (en)”</li>",
        "30 · ",
        "Teaser</a></li>",
    ]
    assert [html.count(text) for text in told] == [1] * len(told)
    assert [html.index(text) for text in told] == sorted(html.index(text) for text in told)
    labels = [str(label) for _, label in BlockForm().fields["group"].choices]  # type: ignore[attr-defined]  # a choice field
    assert labels == ["no group", "Offers: 10 second (Shop (en)), 20 first (Home (en)), 30 Teaser"]
    assert (
        "second (Shop (en)), first (Home (en)), Teaser"
        in admin_client.get(reverse("admin:attune_content_blockgroup_changelist")).content.decode()
    )


def test_group__of_blocks_of_pages_alone__is_made_without_blocks(admin_client: Client) -> None:
    data = {"name": "Offers", "places-TOTAL_FORMS": 2, "places-INITIAL_FORMS": 0}
    data |= {f"places-{number}-order": 0 for number in range(2)} | {f"places-{number}-block": "" for number in range(2)}
    assert admin_client.post(reverse("admin:attune_content_blockgroup_add"), data).status_code == 302
    assert BlockGroup.objects.get().name == "Offers"


def test_group__block_in_a_variant_that_is_not_shown__leaves_the_place_to_the_next(
    group: BlockGroup, attune_visitor: MakeVisitor
) -> None:
    home = make_page()
    outer = put_block(slot(home), "outer")
    for_fans = put_variant(outer, "outer for fans", segment("fans"))
    put_default(outer, "outer for others")
    inner = put_block(slot(home), "first", for_fans, group=group, group_order=1)
    put_variant(inner, "first for all")
    _member(home, "second", group, 2)
    publish(home)
    assert _page() == ["second for all"]
    seen = seen_by(attune_visitor("fans"))
    assert [text in seen for text in ("first for all", "second for others", "second for all")] == [True, True, False]
