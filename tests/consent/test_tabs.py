"""Many tabs that choose at the same moment, on a database where they really run at once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from consent import cookies
from consent.gate import Consent, consent_of
from consent.models import WithdrawalMark
from consent.selectors import is_withdrawn
from consent.services import choose
from tests.consent.conftest import Notebook


def _request(visitor_id: UUID, proof: str) -> HttpRequest:
    request = RequestFactory().get("/")
    request.COOKIES = {cookies.PROOF: proof, cookies.VISITOR: cookies.encode_visitor(visitor_id)}
    return request


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("services_only")
def test_choose__many_tabs_at_once__one_mark_and_no_proof_from_before_it(notebook: Notebook) -> None:
    stranger = RequestFactory().get("/")
    first = choose(stranger, {"analytics": True, "personalization": True}, now=timezone.now()).consent
    assert first.visitor_id is not None
    assert first.given_at is not None
    visitor_id = first.visitor_id
    proof = cookies.encode_proof(
        {"analytics": True, "personalization": True},
        policy=first.policy,
        given_at=first.given_at,
        visitor_id=visitor_id,
    )

    def tab(number: int) -> Consent:
        try:
            grant = bool(number % 2)
            request = _request(visitor_id, proof)
            return choose(request, {"analytics": grant, "personalization": grant}, now=timezone.now()).consent
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(tab, range(24)))

    mark = WithdrawalMark.objects.get()
    for end in ends[0::2]:
        assert end.visitor_id is None
    for end in ends[1::2]:
        assert end.visitor_id is not None
        assert end.given_at is not None
        if end.visitor_id == visitor_id:  # it was granted before the withdrawal was seen: refused, or truly later
            assert is_withdrawn(visitor_id, end.given_at) is (end.given_at < mark.withdrawn_at)
    assert is_withdrawn(visitor_id, first.given_at)
    assert consent_of(_request(visitor_id, proof)).granted == 3  # the cookies alone cannot know it
