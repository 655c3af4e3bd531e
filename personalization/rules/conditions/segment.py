"""The condition that the visitor is in a segment."""

from datetime import datetime

from personalization.rules.facts import Facts, Reason
from personalization.rules.nodes import NO, YES, Answer, Condition
from personalization.rules.phrasing import code


class Segment(Condition):
    """`{"segment": …}`."""

    __slots__ = ("segments", "slug")

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.segments = frozenset({slug})

    def judge(self, facts: Facts, now: datetime) -> Answer:
        """Return whether the visitor is in the segment; time alone does not change it."""
        return YES if self.slug in facts.segments else NO

    def explain(self, facts: Facts, now: datetime) -> Reason:
        """Return whether the visitor is in it."""
        matches = self.slug in facts.segments
        return Reason(matches, f"{'in' if matches else 'not in'} the segment {code(self.slug)}")
