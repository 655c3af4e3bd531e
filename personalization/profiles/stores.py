"""What is kept here about visitors, for the registry that hands out, erases and expires it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from consent.purposes import PERSONALIZATION
from consent.stores import Store
from personalization.profiles.head import forget
from personalization.profiles.models import Profile, Trait, Verdict
from personalization.profiles.services import erase_profile
from tracking.models import Visitor


class ProfileStore(Store):
    """Traits and verdicts: all of it is derived under the purpose of personalization."""

    name = "profiles"

    def describe(self) -> str:
        return _("What was concluded from your visits in order to choose content for you.")

    def export(self, visitor_id: UUID) -> list[dict[str, Any]]:
        traits = Trait.objects.filter(visitor_id=visitor_id).order_by("name")
        verdicts = Verdict.objects.filter(visitor_id=visitor_id, matches=True).order_by("key")
        return [
            {"kind": "trait", "name": trait.name, "value": trait.value, "source": trait.source} for trait in traits
        ] + [{"kind": "match", "key": verdict.key, "since": verdict.since.isoformat()} for verdict in verdicts]

    def erase(self, visitor_id: UUID, *, withdrawn: int, remaining: int) -> int:
        if remaining and not withdrawn & PERSONALIZATION.bit:
            return 0
        return erase_profile(visitor_id)

    def expire(self, now: datetime) -> int:
        """Delete the profiles of visitors who are gone: a profile lives no longer than what it was derived from."""
        gone = list(
            Profile.objects.exclude(Exists(Visitor.objects.filter(pk=OuterRef("visitor_id"))))
            .values_list("visitor_id", flat=True)
            .order_by("visitor_id")
        )
        deleted = 0
        for start in range(0, len(gone), 500):
            chunk = gone[start : start + 500]
            with transaction.atomic():
                forget(chunk)
                deleted += sum(
                    model._default_manager.filter(visitor_id__in=chunk).delete()[0]
                    for model in (Profile, Verdict, Trait)
                )
        return deleted
