"""How many visitors each variant is for, and how many of them an earlier one takes; small numbers stay hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from personalization.content.admin.audiences import audience_in_words, rows_of
from personalization.content.advising.audiences import Audience, audiences
from personalization.content.advising.lint import VariantFacts
from personalization.content.deciding.blocks import PublishedCampaign
from personalization.content.deciding.schedule import Schedule
from personalization.content.models import Block, Variant
from personalization.management.commands.setup_attune import make_groups
from personalization.segments.selectors import people_together
from tests.personalization.content.visitors import judged, segment

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FANS = VariantFacts("1", "Fans", ("fans",))
BOTH = VariantFacts("2", "Both", ("fans", "readers"))
ALL = VariantFacts("3", "All")
PEOPLE = {frozenset({"fans"}): 5, frozenset({"fans", "readers"}): 3, frozenset({"readers"}): 2, frozenset[str](): 90}


def shared(*variants: VariantFacts) -> list[tuple[int | None, dict[str, int]]]:
    return [(one.people, dict(one.taken)) for one in audiences(variants, PEOPLE, unknown={"today"}, now=NOW)]


def test_audiences__in_their_order__each_visitor_is_taken_by_the_first_that_fits() -> None:
    assert shared(FANS, BOTH, ALL) == [(8, {}), (10, {"Fans": 8}), (100, {"Fans": 8, "Both": 2})]


@pytest.mark.parametrize(("at_most", "taken"), [(1, {"Fans": 8, "Both": 2}), (2, {"Fans": 8}), (3, {}), (None, {})])
def test_audiences__several_shown_at_once__one_is_taken_only_where_all_places_are(
    at_most: int | None, taken: dict[str, int]
) -> None:
    found = audiences((FANS, BOTH, ALL), PEOPLE, at_most=at_most, now=NOW)
    assert (found[2].people, found[2].taken) == (100, taken)


@pytest.mark.parametrize(
    "first",
    [
        replace(FANS, is_limited=True),
        replace(FANS, is_empty=True),
        replace(FANS, languages=frozenset({"de"})),
        replace(FANS, schedule=Schedule(starts_at=NOW + timedelta(days=1))),
    ],
)
def test_audiences__earlier_one_that_not_all_see__takes_nobody(first: VariantFacts) -> None:
    assert shared(first, ALL)[1] == (100, {})


def test_audiences__decided_at_each_visit__are_not_counted() -> None:
    assert shared(replace(FANS, audience=("fans", "today")), ALL) == [(None, {}), (100, {"Fans": 8})]


@pytest.mark.django_db
def test_people_together__visitors_of_several__are_counted_once_each(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for keys in (["fans"], ["fans", "readers"], ["fans", "readers"], ["others"]):
        judged(uuid4(), keys)
    with django_assert_num_queries(1):
        counted = people_together(["fans", "ghosts", "readers"])
    assert counted == {frozenset({"fans"}): 1, frozenset({"fans", "readers"}): 2}
    with pytest.raises(ValueError, match="At most 60"):
        people_together([str(number) for number in range(61)])


@pytest.mark.django_db
def test_admin__very_many_visitors__a_part_of_them_stands_for_all(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = Block.objects.create(key="hero", name="Hero")
    fans = Variant.objects.create(block=block, name="Fans", body="<p>1</p>", audience_kind="segments")
    fans.segments.add(segment("fans"), segment("readers"))
    all_ = Variant.objects.create(block=block, name="All", order=2, body="<p>2</p>")
    quarter = 1 << 126
    for id_, keys in {1: ["fans"], 2: [], quarter - 1: ["fans", "readers"], quarter: ["fans"]}.items():
        judged(UUID(int=id_), keys)
    for number in range(8):
        judged(UUID(int=quarter + 1 + number), [])
    assert people_together(["fans", "readers"], halved=2) == {frozenset({"fans"}): 1, frozenset({"fans", "readers"}): 1}
    monkeypatch.setattr("personalization.segments.selectors.SAMPLE", 3)
    said = admin_client.get(reverse("admin:attune_content_block_audiences", args=[block.pk]), {"json": ""}).json()
    assert said == {
        str(fans.uuid): "fits about 8 of about 12 who agreed.",
        str(all_.uuid): "fits about 12 of about 12 who agreed; of these about 8 see “Fans”.",
    }


@pytest.mark.parametrize(
    ("people", "said"), [(0, "under 1,000"), (999, "under 1,000"), (1_000, "about 1,000"), (34_512, "about 35,000")]
)
def test_audience_in_words__drawn__is_as_sure_as_it_says(people: int, said: str) -> None:
    assert (
        audience_in_words(Audience("1", "Fans", people, within=1_000, everybody=100_000), exact=True)
        == f"fits {said} of about 100,000 who agreed."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("superuser", [True, False])
def test_admin__how_many__small_numbers_are_for_those_who_may(client: Client, superuser: bool) -> None:
    user = User.objects.create_user("anna", is_staff=True, is_superuser=superuser)
    make_groups()
    user.groups.add(Group.objects.get(name="Attune: editors"))
    client.force_login(user)
    block = Block.objects.create(key="hero", name="Hero")
    fans = Variant.objects.create(block=block, name="Fans", order=1, body="<p>1</p>", audience_kind="segments")
    fans.segments.add(segment("fans"))
    everybody = Variant.objects.create(block=block, name="All", order=2, body="<p>2</p>")
    for number in range(14):
        judged(uuid4(), ["fans"] if number < 12 else [])
    url = reverse("admin:attune_content_block_audiences", args=[block.pk])
    said = client.get(f"{url}?json").json()
    seen = "12" if superuser else "about 10"
    assert said[str(fans.uuid)] == f"fits {seen} of 14 who agreed."
    assert said[str(everybody.uuid)] == f"fits all 14 who agreed; of these {seen} see “Fans”."
    page = client.get(url).content.decode()
    assert ("<td>2</td>" if superuser else "<td>under 10</td>") in page
    assert f"<td>{seen} of 14</td>" in page


def test_audience_in_words__not_shown_now_or_in_one_language__says_so() -> None:
    sale = PublishedCampaign("Sale", True, Schedule(ends_at=NOW))
    over, later = (
        replace(FANS, languages=frozenset({"en"}), campaigns=(sale,)),
        replace(BOTH, schedule=Schedule(starts_at=NOW + timedelta(days=8))),
    )
    said = [
        audience_in_words(replace(one, everybody=100), exact=True) for one in audiences((over, later), PEOPLE, now=NOW)
    ]
    assert said[0].startswith("fits 8 of 100 who agreed. Nobody sees it now. Not shown any more: the")
    assert said[1].startswith("fits 10 of 100 who agreed. Nobody sees it now. Not shown before Nov. 28, 2026")
    assert [row["left"] for row in rows_of(audiences((over, later), PEOPLE, now=NOW), exact=True)] == ["Nobody"] * 2
    bounds = [row["bounds"][0] for row in rows_of(audiences((over, later), PEOPLE, now=NOW), exact=True)]
    assert bounds == ["Only on pages in English.", "Nobody sees it now."]
