"""What a project's code calls: each works with a request as it comes, and nothing is stored without consent."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.http import HttpRequest
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from personalization.content.models import Block
from personalization.content.serving.asking import has_asked
from personalization.errors import UnknownVisitor
from personalization.profiles.errors import InvalidTrait
from personalization.profiles.models import Trait
from personalization.shortcuts import (
    Recorded,
    Refused,
    TraitsRecorded,
    TraitsRefused,
    decide,
    decide_all,
    in_segment,
    set_traits,
    track,
)
from tests.personalization.content.visitors import cookies_of, judged, request_of, segment
from tracking.errors import InvalidEvent
from tracking.models import StoredEvent

pytestmark = pytest.mark.django_db


class Wrapped:
    """A request in another one, as REST framework wraps it."""

    def __init__(self, request: object) -> None:
        self._request = request


def test_track__consenting_visitor__event_is_stored() -> None:
    visitor = judged(uuid4())
    outcome = track(request_of(visitor), "sign_up", method="e-mail")
    assert isinstance(outcome, Recorded)
    event = StoredEvent.objects.get()
    assert (event.id, event.visitor_id, event.name, event.properties) == (
        outcome.event_id,
        visitor,
        "sign_up",
        {"method": "e-mail"},
    )


def test_track__property_called_like_an_argument__is_a_property() -> None:
    outcome = track(request_of(judged(uuid4())), "sign_up", name="x", request="y", method="z")
    assert isinstance(outcome, Recorded)


def test_track__stranger__is_refused_and_nothing_raises() -> None:
    assert track(request_of(), "sign_up") == Refused("consent")
    assert not StoredEvent.objects.exists()


def test_track__unknown_event__refused_and_while_debugging_raised() -> None:
    request = request_of(judged(uuid4()))
    assert isinstance(track(request, "no_such_event"), Refused)
    with override_settings(DEBUG=True), pytest.raises(InvalidEvent):
        track(request, "no_such_event")


def test_set_traits__by_request_id_or_text__is_stored() -> None:
    visitor = judged(uuid4())
    ways: list[HttpRequest | UUID | str] = [request_of(visitor), visitor, str(visitor)]
    for number, who in enumerate(ways):
        assert isinstance(set_traits(who, {"plan": f"p{number}"}, source="crm"), TraitsRecorded)
        assert Trait.objects.get().value == f"p{number}"


def test_set_traits__without_consent__is_refused() -> None:
    only_analytics = request_of()
    only_analytics.COOKIES.update(cookies_of(judged(uuid4()), personalization=False))
    visitors: list[HttpRequest | UUID] = [request_of(), only_analytics, uuid4()]
    for who in visitors:
        assert isinstance(set_traits(who, {"plan": "pro"}, source="crm"), TraitsRefused)
    assert not Trait.objects.exists()


def test_set_traits__no_visitors_id__says_so() -> None:
    with pytest.raises(UnknownVisitor, match="pass a UUID"):
        set_traits("somebody", {"plan": "pro"}, source="crm")
    with pytest.raises(InvalidTrait):
        set_traits(judged(uuid4()), {"": "pro"}, source="crm")


def test_decide__wrapped_request__marks_the_one_that_middlewares_see() -> None:
    Block.objects.create(key="hero", name="Hero")
    request = request_of()
    decide(Wrapped(request), "hero")  # type: ignore[arg-type]  # a wrapper is no HttpRequest, and is accepted as one
    assert has_asked(request)


def test_decisions__whole_page__one_set_of_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    segment("fans")
    for number in range(3):
        Block.objects.create(key=f"b{number}", name="B")
    request = request_of(judged(uuid4(), ["fans"]))
    decide_all(request_of(), ["b0"])  # compiles the configuration
    in_segment(request_of(), "fans")
    with django_assert_max_num_queries(1):
        assert in_segment(request, "fans")
        decide(request, "b0")
        decide_all(request, ["b1", "b2"])


@pytest.mark.once
def test_decide_all__one_text_instead_of_several__says_what_to_write() -> None:
    with pytest.raises(TypeError, match="several names, such as"):
        decide_all(request_of(), "hero")
