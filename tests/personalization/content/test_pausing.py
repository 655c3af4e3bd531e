"""Pausing one block, a campaign or everything: effective on the next request, in one click, for those who may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from personalization.content.deciding.reasons import Outcome
from personalization.content.models import (
    Block,
    CallToAction,
    CallToActionOverride,
    Campaign,
    PausedEverything,
    Variant,
)
from personalization.content.pausing import pause, pause_everything, resume, resume_everything
from personalization.content.services import decide, decide_call_to_action
from tests.personalization.content.visitors import request_of

pytestmark = pytest.mark.django_db
BLOCKS = "admin:attune_content_block_changelist"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def hero() -> Block:
    block = Block.objects.create(key="hero", name="Hero")
    Variant.objects.create(block=block, name="All")
    return block


@pytest.fixture
def sale() -> Campaign:
    return Campaign.objects.create(name="Sale")


def _shown(now: datetime | None = None) -> str | None:
    variant = decide(request_of(), "hero", now=now).variant
    return variant.name if variant else None


def _staff(*permissions: str) -> Client:
    user = User.objects.create_user("editor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("of_block", [True, False])
def test_campaign__paused_and_resumed__what_belongs_to_it_follows(hero: Block, sale: Campaign, of_block: bool) -> None:
    owner: Block | Variant = hero if of_block else hero.variants.get()
    owner.campaign = sale
    owner.save()
    seen = [_shown()]
    for status in (Campaign.Status.PAUSED, Campaign.Status.LIVE):
        sale.status = status
        sale.save()
        seen.append(_shown())
    assert seen == ["All", None, "All"]


def test_campaign__schedule__bounds_its_variants_beside_their_own(hero: Block, sale: Campaign) -> None:
    hour = timedelta(hours=1)
    hero.variants.update(campaign=sale, ends_at=NOW + hour)
    sale.starts_at, sale.ends_at = NOW, NOW + 2 * hour
    sale.save()
    assert [_shown(NOW + moment) for moment in (-hour, timedelta(0), hour)] == [None, "All", None]


def test_pause_everything__blocks_and_calls_to_action__show_what_everyone_else_sees(hero: Block) -> None:
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/")
    CallToActionOverride.objects.create(cta=cta, languages=["en"], label="Welcome")

    def label() -> str | None:
        look = decide_call_to_action(request_of(), "join").look
        return look.label if look else None

    assert (_shown(), label()) == ("All", "Welcome")
    for _ in range(2):
        pause_everything(by="anna")
        assert decide(request_of(), "hero").reason.outcome is Outcome.ALL_PAUSED
        assert (_shown(), label()) == (None, "Join us")
    for _ in range(2):
        resume_everything()
        assert (_shown(), label()) == ("All", "Welcome")


def test_button__of_a_block__pauses_and_resumes_and_stands_in_its_history(admin_client: Client, hero: Block) -> None:
    url = reverse("admin:attune_content_block_pause", args=[hero.pk])
    for to, shown, status in (("paused", None, "Paused"), ("paused", None, "Paused"), ("live", "All", "Live")):
        page = admin_client.post(url, {"to": to}, follow=True).content.decode()
        assert _shown() == shown
        assert f">{status}</span>" in page
    assert [entry.get_change_message() for entry in LogEntry.objects.order_by("id")] == ["Paused.", "Resumed."]
    assert admin_client.post(url, {"to": "nonsense"}).status_code == 302
    assert _shown() == "All"


def test_button__on_the_page__leads_back_to_it(admin_client: Client, hero: Block) -> None:
    page = reverse("admin:attune_content_block_change", args=[hero.pk])
    url = f"{reverse('admin:attune_content_block_pause', args=[hero.pk])}?page"
    assert f'action="{url}"' in admin_client.get(page).content.decode()
    assert admin_client.post(url, {"to": "paused", "name": "not saved"}).headers["Location"] == page
    hero.refresh_from_db()
    assert (hero.name, hero.status) == ("Hero", "paused")


def test_button__of_a_campaign__pauses_it(admin_client: Client, hero: Block, sale: Campaign) -> None:
    Variant.objects.update(campaign=sale)
    html = admin_client.get(reverse("admin:attune_content_campaign_changelist")).content.decode()
    assert "Hero: All" in html
    admin_client.post(reverse("admin:attune_content_campaign_pause", args=[sale.pk]), {"to": "paused"})
    assert _shown() is None
    assert "The same for everyone" in admin_client.get(reverse(BLOCKS)).content.decode()


def test_button__of_everything__pauses_and_says_who_did(admin_client: Client, hero: Block) -> None:
    url = reverse("admin:attune_content_block_pause_everything")
    page = admin_client.post(url, {"to": "paused"}, follow=True).content.decode()
    assert _shown() is None
    assert "(by admin): all visitors see what everyone else sees." in page
    assert "Resume everything" in page
    admin_client.post(url, {"to": "paused"})
    page = admin_client.post(url, {"to": "live"}, follow=True).content.decode()
    assert (_shown(), PausedEverything.objects.count()) == ("All", 0)
    assert "Pause everything" in page
    admin_client.post(url, {"to": "live"})
    assert "Everything" in admin_client.get(reverse("admin:index")).content.decode()
    entries = LogEntry.objects.order_by("id")
    assert [f"{entry.object_repr}: {entry.get_change_message()}" for entry in entries] == [
        "Everything: Paused.",
        "Everything: Resumed.",
    ]


def test_buttons__for_those_who_may_only_look__are_not_there(hero: Block) -> None:
    client = _staff("view_block", "view_variant")
    for url in (reverse(BLOCKS), reverse("admin:attune_content_block_change", args=[hero.pk])):
        assert 'name="to"' not in client.get(url).content.decode()
    assert client.post(reverse("admin:attune_content_block_pause", args=[hero.pk]), {"to": "paused"}).status_code == 403
    assert client.post(reverse("admin:attune_content_block_pause_everything"), {"to": "paused"}).status_code == 403
    assert _shown() == "All"


def test_buttons__who_may_change_blocks__needs_a_right_of_its_own_for_everything(hero: Block) -> None:
    client = _staff("view_block", "change_block")
    html = client.get(reverse(BLOCKS)).content.decode()
    assert ('value="paused"' in html, "Pause everything" in html) == (True, False)
    assert client.post(reverse("admin:attune_content_block_pause_everything"), {"to": "paused"}).status_code == 403


def test_campaign_admin__new__is_offered_on_the_pages_of_blocks_from_then_on(admin_client: Client, hero: Block) -> None:
    page = reverse("admin:attune_content_block_change", args=[hero.pk])
    assert "campaign" not in admin_client.get(page).content.decode().casefold().split("<form", 3)[-1]
    data = {"name": "Sale", "status": "live", "starts_at_0": "2026-12-01", "starts_at_1": "10:00"}
    data |= {
        "ends_at_0": "",
        "ends_at_1": "",
        "hours_from": "",
        "hours_until": "",
        "time_zone": "Asia/Tokyo",
        "cap_within": "7d",
    }
    added = admin_client.post(reverse("admin:attune_content_campaign_add"), data)
    assert added.status_code == 302
    assert Campaign.objects.get().starts_at == datetime(2026, 12, 1, 1, tzinfo=UTC)
    html = admin_client.get(page).content.decode()
    assert html.count(">Sale</option>") == 3  # of the block, of its variant, and of the next one


def test_campaign_admin__wrong_times__are_told_at_their_place(admin_client: Client) -> None:
    data = {"name": "Sale", "status": "live", "hours_from": "10:00", "hours_until": "10:00"}
    html = admin_client.post(reverse("admin:attune_content_campaign_add"), data).content.decode()
    assert "For the whole day, leave both empty." in html


def test_campaign_admin__in_use__cannot_be_deleted(admin_client: Client, hero: Block, sale: Campaign) -> None:
    Variant.objects.update(campaign=sale)
    admin_client.post(reverse("admin:attune_content_campaign_delete", args=[sale.pk]), {"post": "yes"})
    assert Campaign.objects.exists()


def test_pause_and_resume__edited_meanwhile__keep_the_edit(hero: Block, sale: Campaign) -> None:
    for paused in (hero, sale):
        type(paused).objects.filter(pk=paused.pk).update(name="Edited")
        pause(paused)
        assert type(paused).objects.get().name == "Edited"
        resume(paused)
        assert type(paused).objects.get(status="live").name == "Edited"


def test_campaign__ended__is_over_at_once_and_says_so(admin_client: Client) -> None:
    ahead = Campaign.objects.create(name="Ahead", starts_at=timezone.now() + timedelta(days=1))
    sale = Campaign.objects.create(name="Sale", starts_at=timezone.now() - timedelta(days=1))
    pages = [reverse("admin:attune_content_campaign_change", args=[one.pk]) for one in (ahead, sale)]
    assert ["End it now" in admin_client.get(page).content.decode() for page in pages] == [False, True]
    for one in (ahead, sale):
        end = reverse("admin:attune_content_campaign_end", args=[one.pk])
        assert admin_client.get(end).status_code == 405
        one.refresh_from_db()
        assert one.ends_at is None
        admin_client.post(end)
        one.refresh_from_db()
    assert ahead.ends_at is None
    assert not sale.published.is_running(timezone.now())
    assert "End it now" not in admin_client.get(pages[1]).content.decode()
    assert "Ended on" in admin_client.get(reverse("admin:attune_content_campaign_changelist")).content.decode()
