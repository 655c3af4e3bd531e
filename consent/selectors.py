"""Whether a proof of consent has been withdrawn since it was given."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Exists

from consent import keyed
from consent.models import WithdrawalMark


def mark_exists(visitor_id: UUID, given_at: datetime) -> Exists:
    """The question of `is_withdrawn` as an expression, to be annotated to a query that is made anyway."""
    return Exists(WithdrawalMark.objects.filter(digest__in=keyed.mark_digests(visitor_id), withdrawn_at__gt=given_at))


def is_withdrawn(visitor_id: UUID, given_at: datetime) -> bool:
    """Whether a withdrawal was marked after this proof was given (one query; old keys count too)."""
    return WithdrawalMark.objects.filter(digest__in=keyed.mark_digests(visitor_id), withdrawn_at__gt=given_at).exists()


def withdrawn_among(proofs: Mapping[UUID, datetime]) -> frozenset[UUID]:
    """Those of these visitors whose proof (by the time it was given) has been withdrawn since; one query for all."""
    owner = {digest: visitor_id for visitor_id in proofs for digest in keyed.mark_digests(visitor_id)}
    if not owner:
        return frozenset()
    marks = WithdrawalMark.objects.filter(digest__in=owner).values_list("digest", "withdrawn_at")
    return frozenset(owner[digest] for digest, at in marks if at > proofs[owner[digest]])
