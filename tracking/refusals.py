"""What was refused, counted by day and reason, so that nothing is dropped silently.

A flood of requests that are refused must not become a flood of writes. So what is refused whole is summed up in the
process, and a thread of its own adds it to the day's counts once a second, outside any request and its transaction. A
process that is killed takes the counts of its last second with it; one that ends in order writes them first. While the
database is away they wait: there are no more of them than reasons and days.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from multiprocessing.util import Finalize
from types import MappingProxyType
from typing import Final

from django.db import DatabaseError, InterfaceError, connections, router, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracking.conf import settings
from tracking.models import RefusedEvents

log = logging.getLogger(__name__)

REASONS: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "bot": _("Sent by a bot"),
        "consent": _("The visitor had not agreed"),
        "id": _("Its id is no UUIDv7, or of a time too far from now"),
        "malformed": _("Not an event"),
        "nul": _("Holds a NUL character"),
        "property": _("A property has a wrong type, or is too long"),
        "time": _("Its time cannot be read, or is older than what is kept"),
        "unknown_event": _("Nothing of this name is measured"),
        "undeclared_property": _("A property that is not measured (the rest of the event was kept)"),
        "batch_malformed": _("A whole delivery: not readable"),
        "batch_origin": _("A whole delivery: from another site"),
        "batch_throttled": _("A whole delivery: too many from one address"),
        "batch_too_large": _("A whole delivery: too large"),
    }
)


LOG_EVERY: Final = 60.0
AT_THE_END: Final = 5.0
"""Seconds that a process which ends waits for its last counts to be written."""

_condition = threading.Condition()
_waiting: Counter[tuple[date, str]] = Counter()
_thread: threading.Thread | None = None
_ending = False
_logged_at = float("-inf")


def count_refused(counts: Mapping[str, int], *, now: datetime) -> None:
    """Add to the day's counts at once. A database that cannot take them now is logged, and breaks nothing."""
    try:
        _write({(now.date(), reason): count for reason, count in counts.items() if count})
    except (DatabaseError, InterfaceError):
        log.warning("Refused events could not be counted: %s", dict(counts), exc_info=True)


def count_soon(counts: Mapping[str, int], *, now: datetime) -> None:
    """Add to the day's counts within TRACKING_REFUSALS_EVERY seconds, without writing here; 0: at once."""
    global _thread
    if not settings.REFUSALS_EVERY:
        count_refused(counts, now=now)
        return
    day = now.date()
    with _condition:
        for reason, count in counts.items():
            if count:
                _waiting[day, reason] += count
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_write_forever, name="attune-refusals", daemon=True)
            _thread.start()
            # Like atexit, and also in processes of multiprocessing, which servers have for workers and which skip it.
            Finalize(None, _end, exitpriority=0)
        _condition.notify()


def write_waiting() -> bool:
    """Write what waits, all of it or nothing; False when it could not be written and waits on."""
    global _logged_at
    with _condition:
        taken = dict(_waiting)
        _waiting.clear()
    try:
        _write(taken)
    except Exception:  # whatever the driver raises: what is not written must wait, not vanish with the thread
        with _condition:
            _waiting.update(taken)
        if time.monotonic() - _logged_at >= LOG_EVERY:
            _logged_at = time.monotonic()
            log.warning("Refused events cannot be counted now; their counts wait.", exc_info=True)
        return False
    return True


def _write(counts: Mapping[tuple[date, str], int]) -> None:
    if not counts:
        return
    # In one order, so that two processes never wait for each other.
    rows = [(day.isoformat(), reason, count) for (day, reason), count in sorted(counts.items())]
    alias = router.db_for_write(RefusedEvents)
    connection = connections[alias]
    table = connection.ops.quote_name(RefusedEvents._meta.db_table)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (day, reason, count) VALUES {', '.join(['(%s, %s, %s)'] * len(rows))}"  # noqa: S608  # the table's own name
            f" ON CONFLICT (day, reason) DO UPDATE SET count = {table}.count + EXCLUDED.count",
            [value for row in rows for value in row],
        )


def _write_forever() -> None:
    while True:
        with _condition:
            while not _waiting and not _ending:
                _condition.wait()
            if not _waiting:
                return
            _condition.wait_for(_is_ending, timeout=settings.REFUSALS_EVERY)
        written = write_waiting()
        connections[router.db_for_write(RefusedEvents)].close()  # there may be nothing more to write for hours
        if _ending and not written:
            return


def _is_ending() -> bool:
    return _ending


def _end() -> None:
    """Have the last counts written before the process is gone."""
    global _ending
    thread = _thread
    if thread is not None and thread.is_alive():
        with _condition:
            _ending = True
            _condition.notify_all()
        thread.join(AT_THE_END)


def _forget() -> None:
    """A forked process begins with nothing: what waits is its parent's to write, and so is the thread."""
    global _condition, _thread
    _condition = threading.Condition()
    _thread = None
    _waiting.clear()


os.register_at_fork(after_in_child=_forget)
