"""Log lines that would come with each request while something is away: each once a minute, and how often meanwhile."""

from __future__ import annotations

import logging
import threading
from time import monotonic
from typing import Any, Final

EVERY: Final = 60.0
"""Seconds for which a line that was written is not written again."""
_MOST: Final = 500
"""So many lines are kept in mind; names in them may come from visitors."""

_lock = threading.Lock()
_written: dict[tuple[str, str], list[float]] = {}


def say(logger: logging.Logger, level: int, message: str, *args: object, by: str = "", exc_info: Any = None) -> None:
    """Log this, unless this process said it within the last minute.

    Args:
        logger: who says it.
        level: the level of `logging`.
        message: what is said; lines of one message are told apart by `by` alone, not by their arguments.
        args: what the message is formatted with.
        by: what tells this line from others of the same message, such as the name of a block.
        exc_info: as `logging` takes it.
    """
    if not logger.isEnabledFor(level):
        return
    held = _held_back((logger.name, f"{message}\n{by}"), monotonic())
    if held is None:
        return
    if held:
        message += " (Held back since it was written last: %d.)"
        args = (*args, held)
    logger.log(level, message, *args, exc_info=exc_info)


def forget() -> None:
    """Forget what this process said, as a new one."""
    with _lock:
        _written.clear()


def _held_back(line: tuple[str, str], now: float) -> int | None:
    """How often the line was held back since it was written last, or None: it is held back now, too."""
    with _lock:
        known = _written.get(line)
        if known is not None and now - known[0] < EVERY:
            known[1] += 1
            return None
        if known is None and len(_written) >= _MOST:
            # Which line is the oldest costs more to find out than a line that is written too often.
            _written.clear()
        _written[line] = [now, 0]
        return int(known[1]) if known is not None else 0
