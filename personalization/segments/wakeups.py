"""Wakes workers for visitors who have just acted, off the road of the response.

Publishing a task can take as long as a broker takes to be found missing. So the ids are left with a thread of this
process, which publishes them; the response never waits for it and never fails by it. What is lost on the way (a broker
that is down, a process that ends) stays due in the database, and `recompute_due` finds it.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Collection
from typing import Final
from uuid import UUID

logger = logging.getLogger(__name__)

TOO_MANY: Final = 500
"""Larger batches come from imports and queues: they are left to `recompute_due`, which takes them at its own pace."""
HELD: Final = 10_000
"""How many visitors may wait for a broker that hangs; further ones are left to `recompute_due`, too."""
PER_TASK: Final = 100
LOG_EVERY: Final = 60.0

_condition = threading.Condition()
_waiting: set[UUID] = set()
_thread: threading.Thread | None = None
_logged_at = float("-inf")


def wake_for(visitor_ids: Collection[UUID]) -> None:
    """Have workers judge these visitors soon. Returns at once and never raises."""
    global _thread
    if not visitor_ids or len(visitor_ids) > TOO_MANY:
        return
    if _is_eager():
        publish(visitor_ids)
        return
    with _condition:
        if len(_waiting) + len(visitor_ids) > HELD:
            return
        _waiting.update(visitor_ids)
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_publish_forever, name="attune-wakeups", daemon=True)
            _thread.start()
        _condition.notify()


def publish(visitor_ids: Collection[UUID]) -> bool:
    """Publish the task. A broker that is out of reach is logged, once a minute, and nothing more."""
    global _logged_at
    from personalization.segments.tasks import judge_visitors

    ids = [str(visitor_id) for visitor_id in sorted(visitor_ids)]
    try:
        for start in range(0, len(ids), PER_TASK):
            judge_visitors.apply_async(args=(ids[start : start + PER_TASK],), retry=False)
    except Exception as error:  # whatever the broker's client raises: each broker has its own
        now = time.monotonic()
        if now - _logged_at >= LOG_EVERY:
            _logged_at = now
            logger.warning(
                "No task could be published (%s). Pages do that work themselves until a broker is there, so they are"
                " right; only the admin's numbers grow old. Start one, or run “manage.py recompute_segments” at times.",
                error,
            )
        return False
    return True


def _is_eager() -> bool:
    from personalization.segments.tasks import judge_visitors

    return bool(judge_visitors.app.conf.task_always_eager)


def _publish_forever() -> None:
    while True:
        with _condition:
            while not _waiting:
                _condition.wait()
            visitor_ids = frozenset(_waiting)
            _waiting.clear()
        publish(visitor_ids)


def _forget() -> None:
    """A forked process begins with nothing: who waits is its parent's to wake, and so are the thread and the lock."""
    global _condition, _thread
    _condition = threading.Condition()
    _thread = None
    _waiting.clear()


os.register_at_fork(after_in_child=_forget)
