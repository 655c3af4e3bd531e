"""Whether a proof of consent has been withdrawn since it was given."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connections, router
from django.db.models import Exists

from consent import keyed
from consent.models import WithdrawalMark


def mark_exists(visitor_id: UUID, given_at: datetime) -> Exists:
    """The question of `is_withdrawn` as an expression, to be annotated to a query that is made anyway."""
    return Exists(WithdrawalMark.objects.filter(digest__in=keyed.mark_digests(visitor_id), withdrawn_at__gt=given_at))


def is_withdrawn(visitor_id: UUID, given_at: datetime) -> bool:
    """Whether a withdrawal was marked after this proof was given (one query; old keys count too)."""
    digests = keyed.mark_digests(visitor_id)
    connection = connections[router.db_for_write(WithdrawalMark)]
    table = connection.ops.quote_name(WithdrawalMark._meta.db_table)
    # Written out, because each batch of events asks this and building the query would cost more than running it.
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {table} WHERE digest IN ({', '.join(['%s'] * len(digests))})"  # noqa: S608  # the table's own name
            " AND withdrawn_at > %s LIMIT 1",
            [*digests, connection.ops.adapt_datetimefield_value(given_at)],
        )
        return cursor.fetchone() is not None


def withdrawn_among(proofs: Mapping[UUID, datetime]) -> frozenset[UUID]:
    """Those of these visitors whose proof (by the time it was given) has been withdrawn since; one query for all."""
    owner = {digest: visitor_id for visitor_id in proofs for digest in keyed.mark_digests(visitor_id)}
    if not owner:
        return frozenset()
    marks = WithdrawalMark.objects.filter(digest__in=owner).values_list("digest", "withdrawn_at")
    return frozenset(owner[digest] for digest, at in marks if at > proofs[owner[digest]])
