"""Names that pages asked for and nobody configured: noted while a page is made, written when its request is over.

Not every name stands in a template that can be read: it may come from a variable, from code, from another template
language. So what is asked for counts, too. A process keeps few names and writes each once a day; addresses of pages
may hold what leads to a visitor, so only what is the same for all is kept of them.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from datetime import timedelta
from typing import Final

from django.core.signals import request_finished
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from personalization.content.finding.missing import MissingName
from personalization.content.keys import KEY_PATTERN
from personalization.content.serving.page_context import is_filling

logger = logging.getLogger("personalization.content")

MOST: Final = 200
"""Names that are kept, in a process and in the database: what there is more of comes from elsewhere than templates."""
AGAIN: Final = 24 * 60 * 60
"""Seconds after which a process writes once more that a name is still asked for."""
FORGOTTEN_AFTER: Final = timedelta(days=30)
"""What no page asked for so long is gone."""
LONGEST_PAGE: Final = 200
_KEY: Final = re.compile(KEY_PATTERN)
_CAPTURED: Final = re.compile(r"\(\?P<\w+>[^)]*\)+|<[^>]*>")

_lock = threading.Lock()
_noted: dict[tuple[str, str], float] = {}
_waiting: dict[tuple[str, str], str] = {}


def note_missing(request: HttpRequest, kind: str, key: str) -> None:
    """Note that this request's page asked for something that is not there. Writes nothing and never raises.

    Names that visitors send, as in requests for what comes after the page, are theirs to make up: they do not count.
    """
    if is_filling(request) or len(key) > 80 or not _KEY.fullmatch(key):
        return
    name, now = (kind, key), time.monotonic()
    with _lock:
        noted_at = _noted.get(name)
        if (noted_at is None and len(_noted) >= MOST) or (noted_at is not None and now - noted_at < AGAIN):
            return
        _noted[name] = now
        _waiting[name] = _page_of(request)


def write_noted(sender: object = None, **kwargs: object) -> None:
    """Write what was noted; called when a request is over. A database that is away is logged, and breaks nothing."""
    if not _waiting:
        return
    with _lock:
        taken = dict(_waiting)
        _waiting.clear()
    try:
        with transaction.atomic():
            _write(taken)
    except Exception:
        logger.exception("Could not write down which blocks and calls to action pages asked for in vain.")


def forget() -> None:
    """Forget what this process noted, as a new one."""
    with _lock:
        _noted.clear()
        _waiting.clear()


def connect() -> None:
    """Listen; called once the app is ready."""
    request_finished.connect(write_noted, dispatch_uid="attune_content.noticing")


def _write(noted: dict[tuple[str, str], str]) -> None:
    now = timezone.now()
    MissingName.objects.filter(asked_at__lt=now - FORGOTTEN_AFTER).delete()
    room = MOST - MissingName.objects.count()
    for (kind, key), page in sorted(noted.items()):
        known = MissingName.objects.filter(kind=kind, key=key).update(page=page, asked_at=now)
        if not known and room > 0:
            _row, is_new = MissingName.objects.get_or_create(
                kind=kind, key=key, defaults={"page": page, "asked_at": now}
            )
            room -= is_new


def _page_of(request: HttpRequest) -> str:
    """Where the page is, without what its address says about this visit."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        return ""
    if not match.captured_kwargs and not match.args:
        return str(request.path)[:LONGEST_PAGE]
    route = _CAPTURED.sub("…", str(match.route)).lstrip("^").rstrip("$").replace("\\Z", "")
    return f"/{route}"[:LONGEST_PAGE]
