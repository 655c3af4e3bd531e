"""Writing scores where all that is known about visitors is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from personalization.profiles.models import Trait
from personalization.rules import Decaying
from personalization.scoring.engagement import ENGAGEMENT

SOURCE: Final = "scoring"


def store_scores(scores: Mapping[UUID, Decaying], *, now: datetime) -> None:
    """Keep these visitors' scores; a score of zero is forgotten. Two statements, however many there are.

    The caller holds the visitors' profiles locked and has their heads forgotten: a score belongs to the verdicts that
    are stored with it, so nobody is due because of it.
    """
    if not scores:
        return
    with transaction.atomic():
        zero = [visitor_id for visitor_id, score in scores.items() if not score.value]
        if zero:
            Trait.objects.filter(visitor_id__in=zero, name=ENGAGEMENT).delete()
        Trait.objects.bulk_create(
            [
                Trait(
                    visitor_id=visitor_id,
                    name=ENGAGEMENT,
                    value=score.value,
                    half_life=score.half_life,
                    at=score.at,
                    source=SOURCE,
                    updated_at=now,
                )
                for visitor_id, score in scores.items()
                if score.value
            ],
            batch_size=200,
            update_conflicts=True,
            unique_fields=["visitor_id", "name"],
            update_fields=["value", "half_life", "at", "source", "updated_at"],
        )
