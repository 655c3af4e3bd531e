"""What pages of the admin keep for minutes, because finding it looks at very much."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar, cast

from django.core.cache import cache
from django.db import DatabaseError, InterfaceError

logger = logging.getLogger("personalization.profiles")

Found = TypeVar("Found")


def kept(name: str, find: Callable[[], Found], *, seconds: int) -> Found:
    """What is kept under this name, else what is found now. A cache that is away costs the time of finding it."""
    try:
        return cast(Found, cache.get_or_set(name, find, seconds))
    except (DatabaseError, InterfaceError):
        raise
    except Exception:  # a cache that is gone, whatever its client raises
        logger.warning("The cache does not answer: %s is found anew.", name, exc_info=True)
        return find()
