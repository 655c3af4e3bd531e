"""The site of the fault tests, and an editor's work on it: a block that shows how much was seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from personalization.content.models import Block, CallToAction, Variant
from personalization.segments.models import Segment, Status
from tests.services.processes import SiteProcess

LEVELS = (1, 4, 8, 12)
"""So many items seen put a visitor into a segment and change the page."""


@pytest.fixture
def start_faulty_site(start_site: Callable[..., SiteProcess]) -> Callable[..., SiteProcess]:
    """Start a server whose page needs no catalog: `start_faulty_site(**environment)`."""
    return lambda **environment: start_site(DJANGO_SETTINGS_MODULE="tests.faults.settings", **environment)


@pytest.fixture
def levels(db: None) -> tuple[int, ...]:
    """A block that shows the highest level that its visitor has reached."""
    block = Block.objects.create(key="hero", name="Hero", default="<p>for everybody</p>")
    for order, level in enumerate(sorted(LEVELS, reverse=True)):
        segment = Segment.objects.create(
            slug=f"level-{level}",
            name=f"Level {level}",
            status=Status.ACTIVE,
            rule={"event": "view_item", "at_least": level},
        )
        variant = Variant.objects.create(
            block=block, name=f"Level {level}", order=order, body=f"<p>level {level}</p>", audience_kind="segments"
        )
        variant.segments.add(segment)
    CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    return LEVELS


def expected_hero(seen: int) -> str:
    """What the block shows to somebody who has seen so many items."""
    reached = [level for level in LEVELS if level <= seen]
    return f"level {max(reached)}" if reached else "for everybody"
