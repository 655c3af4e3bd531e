"""The registry of every store of visitor data: what is kept, how it is handed out, erased and expired.

Each room registers its stores in its app's `ready()`. Erasing runs inside the transaction of the withdrawal, in the
order of registration (so lower rooms first). A store that keeps something outside of the database (hot keys) deletes
it at once and, with `transaction.on_commit`, once more: in between, another request may have rebuilt it from what was
still there.
"""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction


class Store(ABC):
    """One place that keeps data about visitors."""

    name: str

    @abstractmethod
    def describe(self) -> str:
        """What is kept here and why, in plain words, for the visitor to read."""

    @abstractmethod
    def export(self, visitor_id: UUID) -> list[dict[str, Any]]:
        """Everything kept about this visitor, ready for JSON."""

    @abstractmethod
    def erase(self, visitor_id: UUID, *, withdrawn: int, remaining: int) -> int:
        """Delete what is kept under the withdrawn purposes alone; with nothing `remaining`, everything.

        Both are masks of purposes. Answers how many records were deleted. Runs in a transaction; may be repeated.
        """

    @abstractmethod
    def expire(self, now: datetime) -> int:
        """Delete what is past its retention and answer how many records that were."""


_stores: dict[str, Store] = {}


def register(store: Store) -> None:
    """Add a store; a second one of the same name replaces the first in its place."""
    _stores[store.name] = store


def unregister(name: str) -> None:
    """Take a store out again."""
    _stores.pop(name, None)


def registered() -> tuple[Store, ...]:
    """All stores, in the order of registration."""
    return tuple(_stores.values())


def erase_everywhere(visitor_id: UUID, *, withdrawn: int, remaining: int) -> dict[str, int]:
    """Let every store erase, all or none; answers records deleted by store."""
    with transaction.atomic():
        return {store.name: store.erase(visitor_id, withdrawn=withdrawn, remaining=remaining) for store in registered()}


def expire_everywhere(now: datetime) -> dict[str, int]:
    """Let every store delete what is past its retention; answers records deleted by store."""
    return {store.name: store.expire(now) for store in registered()}
