"""Whether a proof of consent has been withdrawn since it was given."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from consent import keyed
from consent.models import WithdrawalMark


def marks_after(connection: BaseDatabaseWrapper, visitor_id: UUID, given_at: datetime) -> tuple[str, list[Any]]:
    """The marks of withdrawals since a proof was given, as the rest of a SELECT and its parameters.

    For a query that is made anyway. Written out, because each batch of events and each page asks it: to build the query
    would cost more than to run it.
    """
    digests = keyed.mark_digests(visitor_id)
    table = connection.ops.quote_name(WithdrawalMark._meta.db_table)
    places = ", ".join(["%s"] * len(digests))
    return (
        f"FROM {table} WHERE digest IN ({places}) AND withdrawn_at > %s",
        [*digests, connection.ops.adapt_datetimefield_value(given_at)],
    )


def mark_exists(connection: BaseDatabaseWrapper, visitor_id: UUID, given_at: datetime) -> tuple[str, list[Any]]:
    """The question of `is_withdrawn` as a condition in SQL and its parameters."""
    marks, parameters = marks_after(connection, visitor_id, given_at)
    return f"EXISTS (SELECT 1 {marks})", parameters  # our own SQL


def is_withdrawn(visitor_id: UUID, given_at: datetime) -> bool:
    """Whether a withdrawal was marked after this proof was given (one query; old keys count too)."""
    connection = connections[router.db_for_write(WithdrawalMark)]
    condition, parameters = mark_exists(connection, visitor_id, given_at)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {condition}", parameters)
        return bool(cursor.fetchone()[0])


def withdrawn_among(proofs: Mapping[UUID, datetime]) -> frozenset[UUID]:
    """Those of these visitors whose proof (by the time it was given) has been withdrawn since; one query for all."""
    owner = {digest: visitor_id for visitor_id in proofs for digest in keyed.mark_digests(visitor_id)}
    if not owner:
        return frozenset()
    marks = WithdrawalMark.objects.filter(digest__in=owner).values_list("digest", "withdrawn_at")
    return frozenset(owner[digest] for digest, at in marks if at > proofs[owner[digest]])
