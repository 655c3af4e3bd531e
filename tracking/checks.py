"""System checks of the settings TRACKING_* and of the events table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

from django.apps import apps
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning  # Django's own name for it
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections, router
from django.utils import timezone

from tracking.conf import settings
from tracking.models import StoredEvent
from tracking.retention import missing_partitions

LABELS: Final = "attune"
"""How the labels of all rooms begin, those above, too."""
LONGEST_WAIT: Final = 60

E001: Final = Error(
    'TRACKING_TRANSPORT must be "inline".',
    hint="Remove the setting: events are stored in the request.",
    id="tracking.E001",
)
E002: Final = Error("TRACKING_RETENTION_DAYS must be a whole number of days over 0.", id="tracking.E002")
E003: Final = Error("TRACKING_QUERY_PARAMETERS must be a list or tuple of names.", id="tracking.E003")
E004: Final = Error("TRACKING_MAX_BATCH_BYTES must be a whole number over 0.", id="tracking.E004")
E005: Final = Error("TRACKING_MAX_BATCH_EVENTS must be a whole number over 0.", id="tracking.E005")
E006: Final = Error("TRACKING_BATCHES_PER_MINUTE must be a whole number over 0.", id="tracking.E006")
E007: Final = Error("TRACKING_RETRY_AFTER must be a whole number of seconds over 0.", id="tracking.E007")
E008: Final = Error(
    "TRACKING_COLLECT_PREFIX must be a path without a leading and with a trailing slash.",
    hint='The default is "collect/".',
    id="tracking.E008",
)
E009: Final = Error("TRACKING_NOT_BOTS must be a list or tuple of words.", id="tracking.E009")
E010: Final = Error("TRACKING_REFUSALS_EVERY must be a number of seconds, 0 to 60.", id="tracking.E010")
E011: Final = Error(
    "A database router sends some of Attune's tables to another database than “default”.",
    hint=(
        "Events, and who is due because of them, are written in one transaction, and so is a withdrawal. Have the "
        "router answer “default” for every model whose app label begins with “attune”, for reading and for writing."
    ),
    id="tracking.E011",
)
W001: Final = Warning(
    "TRACKING_MAX_BATCH_BYTES is over DATA_UPLOAD_MAX_MEMORY_SIZE, beyond which Django reads no body.",
    hint="Raise DATA_UPLOAD_MAX_MEMORY_SIZE, or lower TRACKING_MAX_BATCH_BYTES.",
    id="tracking.W001",
)
W002: Final = Warning(
    "The events table has no partition for this or the next month; events would pile up in the default one.",
    hint="Run the task tracking.tasks.ensure_partitions daily (celery beat), or `manage.py migrate` once.",
    id="tracking.W002",
)


def check_settings(**_: Any) -> list[CheckMessage]:
    """Return what is wrong with the settings."""
    found: list[CheckMessage] = []
    if settings.TRANSPORT != "inline":
        found.append(E001)
    for value, message in (
        (settings.RETENTION_DAYS, E002),
        (settings.MAX_BATCH_BYTES, E004),
        (settings.MAX_BATCH_EVENTS, E005),
        (settings.BATCHES_PER_MINUTE, E006),
        (settings.RETRY_AFTER, E007),
    ):
        if type(value) is not int or value < 1:
            found.append(message)
    every = settings.REFUSALS_EVERY
    if isinstance(every, bool) or not isinstance(every, int | float) or not 0 <= every <= LONGEST_WAIT:
        found.append(E010)
    for names, message in ((settings.QUERY_PARAMETERS, E003), (settings.NOT_BOTS, E009)):
        if not isinstance(names, list | tuple | set | frozenset) or not all(isinstance(name, str) for name in names):
            found.append(message)
    prefix = settings.COLLECT_PREFIX
    if not isinstance(prefix, str) or prefix.startswith("/") or not prefix.endswith("/"):
        found.append(E008)
    limit = django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if E004 not in found and limit is not None and limit < settings.MAX_BATCH_BYTES:
        found.append(W001)
    return found


def check_databases(**_: Any) -> list[CheckMessage]:
    """Return an error when the tables would not lie in one database, with the transactions of all rooms."""
    ours = [app.get_models() for app in apps.get_app_configs() if app.label.startswith(LABELS)]
    aliases = {ask(model) for model in chain(*ours) for ask in (router.db_for_write, router.db_for_read)}
    return [E011] if aliases - {DEFAULT_DB_ALIAS} else []


def check_partitions(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Return an alarm when nobody made the coming month's partition. Asked with `check --database`."""
    alias = router.db_for_write(StoredEvent)
    if alias not in (databases or ()) or StoredEvent._meta.db_table not in _tables(alias):
        return []
    return [W002] if missing_partitions(timezone.now()) else []


def _tables(alias: str) -> list[str]:
    try:
        return connections[alias].introspection.table_names()
    except (DatabaseError, InterfaceError):
        return []  # a database that does not answer is not for this check to report
