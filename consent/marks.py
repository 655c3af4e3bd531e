"""Withdrawal marks as a store of visitor data: they outlive the erasure, and expire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consent import keyed
from consent.models import WithdrawalMark
from consent.services import expire_marks
from consent.stores import Store


class WithdrawalMarks(Store):
    """A mark must stay when everything else goes: it is what keeps a replayed cookie out."""

    name = "consent.marks"

    def describe(self) -> str:
        return _("That a consent was withdrawn, and when: a code that no one can trace back without your own cookie.")

    def export(self, visitor_id: UUID) -> list[dict[str, Any]]:
        marks = WithdrawalMark.objects.filter(digest__in=keyed.mark_digests(visitor_id))
        return [{"withdrawn_at": mark.withdrawn_at.isoformat()} for mark in marks]

    def erase(self, visitor_id: UUID, *, withdrawn: int, remaining: int) -> int:
        return 0

    def expire(self, now: datetime) -> int:
        return expire_marks(now)
