"""`manage.py simulate`: its shares make the whole, and it says what became of what was sent."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.site.simulator.models import SimulatedRun, SimulatedVisitor
from config.site.simulator.sending import history_tally
from tracking.signals import events_recorded

pytestmark = pytest.mark.django_db


def simulate(**options: object) -> str:
    said = StringIO()
    call_command("simulate", stdout=said, **options)
    return said.getvalue()


def test_simulate__in_shares__does_each_visitor_once() -> None:
    for share in ("0/2", "1/2"):
        assert simulate(visitors=9, share=share) == ""
    numbers = SimulatedVisitor.objects.filter(finished_at__isnull=False).order_by("number")
    assert list(numbers.values_list("number", flat=True)) == list(range(9))


def test_simulate__done__says_what_became_of_all_events() -> None:
    said = simulate(visitors=9)
    tally = history_tally(SimulatedRun.objects.get())
    assert tally.sent == tally.stored + tally.rejected.total() > 0
    assert f"{tally.sent:,} events sent, {tally.stored:,} taken by the collector" in said
    assert "9 simulated visitors have done what they did" in said


def test_simulate__done__leaves_the_workers_to_be_woken_by_others() -> None:
    before = len(events_recorded.receivers)
    simulate(visitors=1)
    assert len(events_recorded.receivers) == before


@pytest.mark.parametrize("options", [{"visitors": -1}, {"processes": 0}, {"share": "2/2"}, {"share": "half"}])
def test_simulate__options_that_make_no_sense__are_refused(options: dict[str, object]) -> None:
    with pytest.raises(CommandError):
        simulate(**options)
    assert not SimulatedRun.objects.exists()
