"""What is read for scoring: its settings, and a visitor's items by it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consent.purposes import PERSONALIZATION
from personalization.scoring.engagement import ItemScore, Scoring, item_scores
from personalization.scoring.models import EngagementScore
from tracking.selectors import timeline_of


def current_scoring() -> Scoring:
    """How the score is made now; one query. Decisions have it compiled with the rules."""
    row = EngagementScore.objects.filter(pk=EngagementScore.ONLY).first()
    return row.scoring if row else Scoring()


def item_scores_of(visitor_id: UUID, *, now: datetime) -> tuple[ItemScore, ...]:
    """The items that the visitor had to do with, the highest score first."""
    return item_scores(timeline_of(visitor_id, purpose=PERSONALIZATION.code), current_scoring(), now)
