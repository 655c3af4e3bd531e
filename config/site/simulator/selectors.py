"""How many visitors are simulated, how far the simulation is, and who one of them was meant to be."""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Q, Sum

from config.site.simulator.models import SimulatedRun, SimulatedVisitor
from tracking.models import Visitor

SECONDS: Final = 10
"""So long the counts that every page of the admin shows may be old."""


class Population(NamedTuple):
    """The visitors known now, how many of them are simulated, and how many people of how many are done."""

    simulated: int
    others: int
    done: int
    planned: int


def population() -> Population:
    """How many visitors there are, real and simulated; at most some seconds old."""
    found = cache.get("demo_simulator.population")
    if found is None:
        found = tuple(_population())
        cache.set("demo_simulator.population", found, SECONDS)
    return Population(*found)


def _population() -> Population:
    runs = SimulatedRun.objects.aggregate(runs=Count("id"), planned=Sum("visitors", filter=Q(live=False)))
    if not runs["runs"]:
        return Population(0, 0, 0, 0)  # the others are not asked for then, and not counted
    people = SimulatedVisitor.objects.all()
    simulated = Visitor.objects.filter(id__in=people.filter(visitor_id__isnull=False).values("visitor_id")).count()
    done = people.filter(run__live=False, finished_at__isnull=False).count()
    return Population(simulated, Visitor.objects.count() - simulated, done, runs["planned"] or 0)


def intents() -> dict[str, int]:
    """How many people of each intent have been simulated: name → how many, the commonest first."""
    counted = SimulatedVisitor.objects.values_list("intent").annotate(people=Count("id"))
    return dict(counted.order_by("-people", "intent"))


def simulated_as(visitor_id: UUID) -> SimulatedVisitor | None:
    """Whom a visitor was meant to be; None for who is real."""
    return SimulatedVisitor.objects.filter(visitor_id=visitor_id).first()
