"""Choosing: grants, refusals, withdrawals, and two tabs that choose at once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from consent import cookies, stores
from consent.errors import RetiredPolicy, UnknownPurpose
from consent.gate import consent_of
from consent.models import WithdrawalMark
from consent.purposes import policy_version
from consent.selectors import is_withdrawn, withdrawn_among
from consent.services import ChoiceOutcome, choose, current_consent, expire_marks
from consent.signals import consent_changed
from tests.consent.conftest import NOW, Notebook, later, proof_value

pytestmark = pytest.mark.django_db

Jar = dict[str, str]


def _request(jar: Jar) -> HttpRequest:
    request = RequestFactory().get("/")
    request.COOKIES = dict(jar)
    return request


def _choose(jar: Jar, *, now: Any = NOW, policy: Any = None, **choices: bool) -> ChoiceOutcome:
    """Choose with these cookies, and change them as a browser would."""
    request, response = _request(jar), HttpResponse()
    outcome = choose(request, choices, policy=policy, now=now)
    outcome.apply(request, response)
    for name, morsel in response.cookies.items():
        if morsel.value:
            jar[name] = morsel.value
        else:
            jar.pop(name, None)
    return outcome


def _both(jar: Jar, **options: Any) -> UUID:
    visitor_id = _choose(jar, analytics=True, personalization=True, **options).consent.visitor_id
    assert visitor_id is not None
    return visitor_id


@pytest.fixture
def changes() -> Iterator[list[dict[str, Any]]]:
    heard: list[dict[str, Any]] = []

    def hear(sender: object, signal: object, **said: Any) -> None:
        heard.append(said)

    consent_changed.connect(hear)
    yield heard
    consent_changed.disconnect(hear)


@pytest.mark.parametrize("purpose", ["analytics", "personalization"])
def test_choose__grant_of_either__mints_a_visitor(
    purpose: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    jar: Jar = {}
    with django_assert_num_queries(0):
        outcome = _choose(jar, **{purpose: True})
    assert outcome.consent.visitor_id is not None
    assert outcome.consent.visitor_id.version == 4
    assert consent_of(_request(jar), now=NOW).allows(purpose)
    assert set(jar) == {cookies.CONSENT, cookies.PROOF, cookies.VISITOR}


def test_choose__first_refusal__writes_nothing_and_is_remembered_without_identifier(
    django_assert_num_queries: DjangoAssertNumQueries,
    notebook: Notebook,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    jar: Jar = {}
    with django_assert_num_queries(0), django_capture_on_commit_callbacks() as callbacks:
        _choose(jar, analytics=False, personalization=False)
    assert set(jar) == {cookies.CONSENT, cookies.PROOF}
    assert set(consent_of(_request(jar), now=NOW).choices.values()) == {"refused"}
    assert (notebook.erased, callbacks) == ([], [])


def test_choose__two_strangers_refuse_one_after_the_other__get_the_same_cookies() -> None:
    first: Jar = {}
    second: Jar = {}
    _choose(first, now=later(seconds=1), analytics=False, personalization=False)
    _choose(second, now=later(minutes=9, microseconds=7), analytics=False, personalization=False)
    assert first == second


def test_choose__refusing_after_a_grant__leaves_the_cookies_of_any_refuser() -> None:
    stranger: Jar = {}
    withdrawing: Jar = {}
    _choose(stranger, analytics=False, personalization=False)
    _choose(withdrawing, analytics=True, personalization=True)
    _choose(withdrawing, now=later(seconds=3, microseconds=5), analytics=False, personalization=False)
    assert withdrawing == stranger


def test_choose__purpose_not_named__stays() -> None:
    jar: Jar = {}
    visitor_id = _choose(jar, analytics=True).consent.visitor_id
    outcome = _choose(jar, personalization=True, now=later(days=1))
    assert outcome.consent.choices == {"analytics": "granted", "personalization": "granted"}
    assert outcome.consent.visitor_id == visitor_id


def test_choose__only_one_purpose_named__leaves_the_other_unset() -> None:
    assert _choose({}, analytics=False).consent.choices == {"analytics": "refused", "personalization": "unset"}


def test_choose__nothing_named__changes_nothing() -> None:
    jar: Jar = {}
    _choose(jar)
    assert jar == {}
    visitor_id = _both(jar)
    assert _choose(jar).consent.visitor_id == visitor_id
    assert consent_of(_request(jar), now=NOW).granted == 3


def test_choose__unknown_purpose__applies_nothing(notebook: Notebook) -> None:
    jar: Jar = {}
    _both(jar)
    before = dict(jar)
    with pytest.raises(UnknownPurpose, match="marketing"):
        _choose(jar, analytics=False, marketing=True)
    assert jar == before
    assert notebook.erased == []


def test_choose__retired_policy__applies_nothing(notebook: Notebook) -> None:
    jar: Jar = {}
    _both(jar)
    before = dict(jar)
    with pytest.raises(RetiredPolicy):
        _choose(jar, analytics=False, policy="retired")
    assert jar == before
    assert notebook.erased == []


@pytest.mark.parametrize("policy", [None, "current"])
def test_choose__policy_current_or_not_said__applies(policy: str | None) -> None:
    outcome = _choose({}, analytics=True, policy=policy and policy_version())
    assert outcome.consent.policy == policy_version()


def test_choose__same_grant_again__keeps_the_visitor_and_writes_nothing(notebook: Notebook) -> None:
    jar: Jar = {}
    visitor_id = _both(jar)
    assert _both(jar, now=later(hours=1)) == visitor_id
    assert consent_of(_request(jar), now=later(hours=1)).given_at == later(hours=1)
    assert WithdrawalMark.objects.count() == 0
    assert notebook.erased == []


def test_choose__withdrawing_one__erases_under_it_marks_and_goes_on(notebook: Notebook) -> None:
    jar: Jar = {}
    visitor_id = _both(jar)
    replay = dict(jar)
    outcome = _choose(jar, personalization=False, now=later(hours=1))
    assert notebook.erased == [(visitor_id, 2, 1)]
    assert (outcome.withdrawn, outcome.consent.visitor_id, outcome.consent.granted) == (2, visitor_id, 1)
    mark = WithdrawalMark.objects.get()
    assert mark.withdrawn_at == later(hours=1) == outcome.consent.given_at
    old, new = (consent_of(_request(tab), now=later(hours=1)) for tab in (replay, jar))
    assert new.visitor_id == visitor_id
    assert new.given_at is not None
    assert old.given_at is not None
    assert is_withdrawn(visitor_id, old.given_at)
    assert not is_withdrawn(visitor_id, new.given_at)


def test_choose__withdrawing_the_last__erases_everything_and_leaves_one_mark(notebook: Notebook) -> None:
    jar: Jar = {}
    visitor_id = _both(jar)
    _choose(jar, personalization=False, now=later(hours=1))
    outcome = _choose(jar, analytics=False, now=later(hours=2))
    assert notebook.erased == [(visitor_id, 2, 1), (visitor_id, 1, 0)]
    assert WithdrawalMark.objects.count() == 1
    assert outcome.consent.visitor_id is None
    assert set(jar) == {cookies.CONSENT, cookies.PROOF}
    assert visitor_id.hex not in str(jar)
    assert set(consent_of(_request(jar), now=later(hours=2)).choices.values()) == {"refused"}


def test_choose__withdrawing_again_after_a_new_grant__marks_the_later_time(notebook: Notebook) -> None:
    jar: Jar = {}
    visitor_id = _both(jar)
    _choose(jar, personalization=False, now=later(hours=1))
    assert _both(jar, now=later(hours=2)) == visitor_id
    replay = consent_of(_request(jar), now=later(hours=2))
    _choose(jar, analytics=False, personalization=False, now=later(hours=3))
    assert WithdrawalMark.objects.get().withdrawn_at == later(hours=3)
    assert replay.given_at is not None
    assert is_withdrawn(visitor_id, replay.given_at)


def test_choose__mark__does_not_hold_the_visitor_id(notebook: Notebook) -> None:
    jar: Jar = {}
    visitor_id = _both(jar)
    _choose(jar, analytics=False, personalization=False, now=later(hours=1))
    mark = WithdrawalMark.objects.get()
    assert visitor_id.hex not in mark.digest
    assert str(visitor_id) not in str(mark)


def test_choose__swapping_purposes__forgets_the_old_visitor(notebook: Notebook) -> None:
    jar: Jar = {}
    before = _choose(jar, analytics=True, personalization=False).consent.visitor_id
    outcome = _choose(jar, analytics=False, personalization=True, now=later(hours=1))
    assert notebook.erased == [(before, 1, 0)]
    assert outcome.consent.visitor_id not in (None, before)
    assert outcome.consent.granted == 2


def test_choose__withdrawal_repeated_with_old_cookies__writes_no_second_time(notebook: Notebook) -> None:
    jar: Jar = {}
    visitor_id = _both(jar)
    replay = dict(jar)
    _choose(jar, analytics=False, personalization=False, now=later(hours=1))
    outcome = _choose(replay, analytics=False, personalization=False, now=later(hours=2))
    assert outcome.withdrawn == 0
    assert notebook.erased == [(visitor_id, 3, 0)]
    assert WithdrawalMark.objects.get().withdrawn_at == later(hours=1)
    assert set(replay) == {cookies.CONSENT, cookies.PROOF}


def test_choose__grant_with_withdrawn_cookies__gets_a_new_visitor(notebook: Notebook) -> None:
    jar: Jar = {}
    before = _both(jar)
    other_tab = dict(jar)
    _choose(jar, analytics=False, personalization=False, now=later(hours=1))
    outcome = _choose(other_tab, analytics=True, personalization=True, now=later(hours=2))
    assert outcome.consent.visitor_id not in (None, before)
    assert outcome.consent.granted == 3


def test_choose__one_purpose_with_withdrawn_cookies__does_not_bring_the_other_back(notebook: Notebook) -> None:
    jar: Jar = {}
    _both(jar)
    other_tab = dict(jar)
    _choose(jar, analytics=False, personalization=False, now=later(hours=1))
    outcome = _choose(other_tab, analytics=True, now=later(hours=2))
    assert outcome.consent.choices == {"analytics": "granted", "personalization": "unset"}


def test_choose__grant_in_the_other_tab_before_the_withdrawal__is_refused_by_the_mark(notebook: Notebook) -> None:
    jar: Jar = {}
    visitor_id = _both(jar)
    other_tab = dict(jar)
    _both(other_tab, now=later(minutes=59))  # its answer reaches the browser after that of the withdrawal
    _choose(jar, analytics=False, personalization=False, now=later(hours=1))
    late = consent_of(_request(other_tab), now=later(hours=1))
    assert late.visitor_id == visitor_id
    assert late.given_at is not None
    assert is_withdrawn(visitor_id, late.given_at)
    assert current_consent(_request(other_tab), now=later(hours=1)).granted == 0


def test_choose__partial_withdrawal_then_old_cookies_withdraw__counts_them_as_strangers(notebook: Notebook) -> None:
    jar: Jar = {}
    visitor_id = _both(jar)
    replay = dict(jar)
    _choose(jar, personalization=False, now=later(hours=1))
    _choose(replay, analytics=False, personalization=False, now=later(hours=2))
    assert notebook.erased == [(visitor_id, 2, 1)]
    assert current_consent(_request(jar), now=later(hours=2)).granted == 1


def test_choose__other_servers_clock_ahead__mark_is_still_later_than_the_proof(notebook: Notebook) -> None:
    jar: Jar = {}
    visitor_id = _both(jar, now=later(minutes=4))
    replay = consent_of(_request(jar), now=NOW)
    _choose(jar, personalization=False, now=NOW)
    after = consent_of(_request(jar), now=NOW)
    assert replay.given_at is not None
    assert after.given_at is not None
    assert is_withdrawn(visitor_id, replay.given_at)
    assert not is_withdrawn(visitor_id, after.given_at)


def test_choose__refusal_under_new_texts__erases_what_the_old_ones_allowed(notebook: Notebook) -> None:
    visitor_id = uuid4()
    jar = {
        cookies.PROOF: proof_value({"analytics": True, "personalization": True}, visitor_id, policy="retired"),
        cookies.VISITOR: cookies.encode_visitor(visitor_id),
    }
    _choose(jar, analytics=False, personalization=False, now=later(hours=1))
    assert notebook.erased == [(visitor_id, 3, 0)]
    assert is_withdrawn(visitor_id, NOW)


def test_choose__grant_under_new_texts__keeps_the_visitor(notebook: Notebook) -> None:
    visitor_id = uuid4()
    jar = {
        cookies.PROOF: proof_value({"analytics": True, "personalization": True}, visitor_id, policy="retired"),
        cookies.VISITOR: cookies.encode_visitor(visitor_id),
    }
    assert _both(jar, now=later(hours=1)) == visitor_id
    assert notebook.erased == []


def test_choose__a_store_fails__nothing_is_marked_or_changed(notebook: Notebook) -> None:
    jar: Jar = {}
    _both(jar)
    before = dict(jar)
    notebook.failure = RuntimeError("the disk is full")
    with pytest.raises(RuntimeError):
        _choose(jar, analytics=False, personalization=False, now=later(hours=1))
    assert jar == before
    assert WithdrawalMark.objects.count() == 0


def test_choose__in_the_rest_of_the_request__is_what_the_gate_sees() -> None:
    request = _request({})
    choose(request, {"analytics": True}, now=NOW)
    assert consent_of(request).allows("analytics")


def test_choose__changes__are_announced_after_commit(
    notebook: Notebook,
    changes: list[dict[str, Any]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    jar: Jar = {}
    with django_capture_on_commit_callbacks(execute=True):
        visitor_id = _both(jar)
        assert changes == []
    with django_capture_on_commit_callbacks(execute=True):
        _choose(jar, personalization=False, now=later(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        _choose(jar, personalization=False, now=later(hours=2))
    assert changes == [
        {"visitor_id": visitor_id, "granted": 3, "withdrawn": 0},
        {"visitor_id": visitor_id, "granted": 1, "withdrawn": 2},
    ]


def test_is_withdrawn__key_rotated__old_marks_still_count(settings: Settings, notebook: Notebook) -> None:
    settings.SECRET_KEY = "the old key"
    jar: Jar = {}
    visitor_id = _both(jar)
    _choose(jar, analytics=False, personalization=False, now=later(hours=1))
    settings.SECRET_KEY = "the new key"
    assert not is_withdrawn(visitor_id, NOW)
    settings.SECRET_KEY_FALLBACKS = ["the old key"]
    assert is_withdrawn(visitor_id, NOW)
    assert withdrawn_among({visitor_id: NOW}) == {visitor_id}


def test_withdrawn_among__many_visitors__one_query(
    django_assert_num_queries: DjangoAssertNumQueries, notebook: Notebook
) -> None:
    gone: Jar = {}
    visitor_id = _both(gone)
    _choose(gone, analytics=False, personalization=False, now=later(hours=1))
    proofs = {uuid4(): NOW for _ in range(50)} | {visitor_id: NOW}
    with django_assert_num_queries(1):
        assert withdrawn_among(proofs) == {visitor_id}
    with django_assert_num_queries(1):
        assert withdrawn_among({visitor_id: later(hours=1)}) == frozenset()
    with django_assert_num_queries(0):
        assert withdrawn_among({}) == frozenset()


def test_expire_marks__older_than_any_proof__are_deleted() -> None:
    WithdrawalMark.objects.create(digest="a" * 64, withdrawn_at=NOW - timedelta(days=181))
    WithdrawalMark.objects.create(digest="b" * 64, withdrawn_at=NOW - timedelta(days=180))
    assert stores.expire_everywhere(NOW)["consent.marks"] == 1
    assert expire_marks(NOW) == 0
    assert WithdrawalMark.objects.get().digest == "b" * 64


def test_marks__as_a_store__stay_when_everything_goes(notebook: Notebook) -> None:
    jar: Jar = {}
    visitor_id = _both(jar)
    _choose(jar, analytics=False, personalization=False, now=later(hours=1))
    (marks,) = (store for store in stores.registered() if store.name == "consent.marks")
    assert marks.erase(visitor_id, withdrawn=3, remaining=0) == 0
    assert marks.export(visitor_id) == [{"withdrawn_at": later(hours=1).isoformat()}]
    assert marks.describe()


def test_stores__registered_twice__replaced_in_place(notebook: Notebook) -> None:
    names = [store.name for store in stores.registered()]
    stores.register(notebook)
    assert [store.name for store in stores.registered()] == names
