"""Calls to action: where they lead by name, what is added to their addresses, to whom they are larger."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from personalization.content import targets
from personalization.content.deciding.calls import Emphasis, Placement
from personalization.content.models import CallToAction, CallToActionOverride
from personalization.content.services import answer_of, decide_call_to_action
from personalization.content.serving.asking import asked_of
from personalization.content.serving.rendering import render_cta
from personalization.content.targets import addresses_of, validate_target, with_parameters
from personalization.profiles.models import Trait
from personalization.segments.presence import presence_of
from personalization.segments.usages import usages_of
from tests.personalization.content.visitors import judged, request_of, segment

RULE = {"request": "query.from", "is": "letter"}


@pytest.mark.parametrize(
    ("link", "english", "german"),
    [
        ("view:site:cart", "/cart/", "/de/cart/"),
        ("view:site:category/boots", "/shop/boots/", "/de/shop/boots/"),
        ("/shop/", "/shop/", "/shop/"),
        ("view:site:nowhere", "", ""),
        ("view:site:category", "", ""),
        ("javascript:alert(1)", "", ""),
        ("unknown:thing", "", ""),
    ],
)
def test_addresses_of__link__leads_there_in_each_language(link: str, english: str, german: str) -> None:
    found = addresses_of(link)
    assert found.get("", "") == english
    assert found.get("de", found.get("", "")) == german


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("view:site:nowhere", "No page is called “site:nowhere”"),
        ("view:site:cart/too/many", "No page is called"),
        ("javascript:alert(1)", "Enter a path"),
        ("cart", "Enter a path"),
    ],
)
def test_validate_target__leads_nowhere__says_so(link: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_target(link)
    assert said in str(refused.value)


def test_suggestions__pages_of_the_site__are_offered_and_those_behind_them_are_not() -> None:
    names = {name for name, _label in targets.suggestions()}
    assert {"view:site:home", "view:site:cart"} <= names
    assert not any("admin" in name or "consent" in name or "category" in name for name in names)
    assert not names & {"view:site:log_out", "view:site:favicon", "view:site:join_newsletter"}
    assert ("view:site:cart", "Cart (/cart/)") in targets.suggestions()


def test_with_parameters__none_given__leaves_the_address_alone() -> None:
    for address in ("/shop/?a=1&b#c", "https://example.org/?q=%20x", "tel:+4930123"):
        assert with_parameters(address, {"utm_source": ""}) == address


@pytest.mark.parametrize(
    ("score", "placement"),
    [
        (12.0, Placement.PROMINENT),
        (10, Placement.PROMINENT),
        (5.0, Placement.NORMAL),
        (3, Placement.NORMAL),
        (0.0, Placement.SIMPLE),
        (None, Placement.NORMAL),
        ("12", Placement.NORMAL),
        (True, Placement.NORMAL),
    ],
)
def test_emphasis__by_engagement__is_larger_or_plainer(score: Any, placement: Placement) -> None:
    assert Emphasis(simple_below=3, prominent_from=10).placement(lambda name: score) is placement
    assert Emphasis().placement(lambda name: score) is Placement.NORMAL


@pytest.fixture
def cta(db: None) -> CallToAction:
    return CallToAction.objects.create(
        key="join", name="Join", label="Join us", url="view:site:cart", utm_source="site", prominent_from=10
    )


def test_cta__named_target_on_a_german_page__leads_there_with_its_parameters(cta: CallToAction) -> None:
    assert 'href="/cart/?utm_source=site"' in render_cta(request_of(), "join")
    with translation.override("de"):
        request = request_of(path="/de/")
        request.LANGUAGE_CODE = "de"
        assert 'href="/de/cart/?utm_source=site"' in render_cta(request, "join")


def test_cta__visitor_who_knows_the_site__sees_it_larger_and_the_cache_can_tell(cta: CallToAction) -> None:
    engaged = judged(uuid4())
    Trait.objects.create(
        visitor_id=engaged, name="engagement", value=12.0, source="behavior", updated_at=timezone.now()
    )
    answers = {}
    for request in (request_of(engaged), request_of(judged(uuid4())), request_of()):
        html = render_cta(request, "join")
        answers["attune-cta--prominent" in html] = asked_of(request).answers
        ((question, answer),) = asked_of(request).answers.items()
        assert answer_of(presence_of(request), question) == answer
        assert not asked_of(request).is_private
    assert answers[True] != answers[False]


def test_override__rule_of_its_own__counts_for_those_who_match(cta: CallToAction) -> None:
    CallToActionOverride.objects.create(cta=cta, rule=RULE, label="Dear reader", url="/letter/")
    assert "Dear reader" in render_cta(request_of(path="/?from=letter"), "join")
    assert "Join us" in render_cta(request_of(), "join")


def test_override__without_a_link__leads_where_the_call_to_action_does(cta: CallToAction) -> None:
    CallToActionOverride.objects.create(cta=cta, rule=RULE, label="Dear reader")
    look = decide_call_to_action(request_of(path="/?from=letter"), "join").look
    assert look
    assert look.url == "/cart/?utm_source=site"


def test_override__segment_and_rule_or_neither__is_refused(cta: CallToAction) -> None:
    for fields in ({"segment": segment("fans"), "rule": RULE}, {}):
        with pytest.raises(ValidationError):
            CallToActionOverride(cta=cta, label="x", **fields).full_clean()
    with pytest.raises(ValidationError, match="Nobody can be above"):
        CallToAction(key="a", name="a", label="a", url="/", simple_below=5, prominent_from=2).full_clean()


def test_usages__segment_in_an_exceptions_rule__is_told(cta: CallToAction) -> None:
    fans = segment("fans")
    CallToActionOverride.objects.create(cta=cta, rule={"segment": "fans"}, label="x")
    assert [usage.label for usage in usages_of(fans.slug)] == ["Call to action “Join”"]


def test_admin__page_of_a_call_to_action__offers_pages_and_saves_a_rule(admin_client: Client) -> None:
    add = reverse("admin:attune_content_calltoaction_add")
    assert '<option value="Cart (/cart/)">' in admin_client.get(add).content.decode()
    posted = {
        "name": "Join",
        "key": "join",
        "label": "Join us",
        "url": "view:site:cart",
        "style": "primary",
        "overrides-TOTAL_FORMS": 1,
        "overrides-INITIAL_FORMS": 0,
        "overrides-0-order": 10,
        "overrides-0-rule": '{"request": "query.from", "is": "letter"}',
        "overrides-0-label": "Dear reader",
    }
    assert admin_client.post(add, posted | {"url": "view:nowhere"}).status_code == 200
    assert admin_client.post(add, posted).status_code == 302
    assert CallToActionOverride.objects.get().rule == RULE
