"""What goes wrong while a page is made, in the log: once a minute, and in one line where the database is away."""

from __future__ import annotations

import logging
import sys
from typing import Final

from django.db import InterfaceError, OperationalError, ProgrammingError

from consent import seldom
from personalization.segments.errors import PresenceUnknown

_UNREAD: Final = "The database does not tell what is shown to whom, so visitors see what everyone else sees: %s"
_NO_TABLES: Final = "Tables are missing, so visitors see what everyone else sees. Run “manage.py migrate”: %s"
_OUR_TABLES: Final = "attune_"
_MISSING: Final = ("no such table", "does not exist")


def say(logger: logging.Logger, message: str, *args: object) -> None:
    """Log the error under way, with where it came from, once a minute for each `message` with its `args`."""
    seldom.say(logger, logging.ERROR, message, *args, by=repr(args), exc_info=True)


def say_unread(logger: logging.Logger, message: str, *args: object) -> None:
    """As `say`, where Attune's own tables were read.

    A database that is away fails everything that a page asks: that is one line a minute for all of it. What is asked
    after that in the same request fails without being tried, and says nothing.
    """
    error = sys.exception()
    if isinstance(error, PresenceUnknown):
        return
    if isinstance(error, OperationalError | ProgrammingError) and _is_about_missing_tables(str(error)):
        seldom.say(logger, logging.ERROR, _NO_TABLES, _line(error))
    elif isinstance(error, OperationalError | InterfaceError):
        seldom.say(logger, logging.ERROR, _UNREAD, _line(error))
    else:
        say(logger, message, *args)


def _is_about_missing_tables(text: str) -> bool:
    return _OUR_TABLES in text and any(words in text for words in _MISSING)


def _line(error: Exception) -> str:
    """What drivers say in several lines, in one."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
