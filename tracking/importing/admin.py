"""The imports in the admin, to be read only: what came from where, on what basis, how far moved, with what result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.purposes import PURPOSES
from tracking.importing.models import Import
from tracking.importing.report import shift_in_words

COUNTS: Final = (
    ("read", _("Rows read")),
    ("added", _("Events added")),
    ("already_there", _("Were there already")),
    ("repeated", _("Repeat an identical row")),
    ("left_out", _("Left out as the mapping says")),
    ("beyond_retention", _("Too old to be kept")),
    ("withdrawn", _("Of visitors who have withdrawn")),
)


class ImportAdmin(admin.ModelAdmin):
    """Imports are made by the command; here they are shown."""

    list_display = ("name", "source", "serves", "shift_text", "added", "unreadable", "finished_at")
    search_fields = ("name", "source")
    fieldsets = (
        (None, {"fields": ("name", "source", "basis", "serves")}),
        (_("Moved in time"), {"fields": ("shift_text", "last_event_at", "last_event_now")}),
        (_("Result"), {"fields": ("started_at", "finished_at", "report", "unreadable_rows")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("Serves"), ordering="purposes")
    def serves(self, record: Import) -> str:
        return ", ".join(str(purpose.title) for purpose in PURPOSES if record.purposes & purpose.bit)

    @admin.display(description=_("Times moved by"), ordering="shift_microseconds")
    def shift_text(self, record: Import) -> str:
        return shift_in_words(record.shift)

    @admin.display(description=_("Last event, after the move"))
    def last_event_now(self, record: Import) -> str:
        return date_format(localtime(record.last_event_at + record.shift), "DATETIME_FORMAT")

    @admin.display(description=_("Events added"))
    def added(self, record: Import) -> str:
        return number_format(record.counts.get("added", 0))

    @admin.display(description=_("Rows that could not be read"))
    def unreadable(self, record: Import) -> str:
        return number_format(sum(record.counts.get("bad", {}).values()))

    @admin.display(description=_("Rows"))
    def report(self, record: Import) -> SafeString:
        return format_html("<table><tbody>{}</tbody></table>", _table_rows(self._report_rows(record)))

    @admin.display(description=_("First rows that could not be read"))
    def unreadable_rows(self, record: Import) -> SafeString | str:
        if not record.problems:
            return "–"
        rows = (
            (gettext("Line %(line)s") % {"line": problem["line"]}, f"{problem['reason']}: {problem['detail']}")
            for problem in record.problems
        )
        return format_html("<table><tbody>{}</tbody></table>", _table_rows(rows))

    def _report_rows(self, record: Import) -> Iterator[tuple[str, str]]:
        if record.finished_at is None:
            yield gettext("Interrupted after row"), f"{number_format(record.position)} / {number_format(record.rows)}"
        for name, label in COUNTS:
            yield str(label), number_format(record.counts.get(name, 0))
        yield gettext("Could not be read"), self.unreadable(record)
        for reason, count in record.counts.get("bad", {}).items():
            yield f"– {reason}", number_format(count)
        for name, count in record.counts.get("undeclared", {}).items():
            yield gettext("Values dropped of %(name)s") % {"name": name}, number_format(count)


def _table_rows(rows: Iterator[tuple[str, str]]) -> SafeString:
    return format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', rows)
