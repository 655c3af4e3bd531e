"""The imports in the admin: what came from where, on what basis, how far moved, with what result; and their undoing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.formats import number_format as format_number
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.purposes import PURPOSES
from tracking.access import IDENTIFY
from tracking.admin_lists import under_its_name
from tracking.counts import may_see_small_counts, people_in_words
from tracking.importing.errors import ImportRefused
from tracking.importing.models import Import
from tracking.importing.report import shift_in_words
from tracking.importing.sharing import sharing_with, undone_since
from tracking.importing.undoing import Undone, undo_import
from tracking.models import StoredEvent, Visitor

SECONDS: Final = 15
"""After so long, a page should answer; what is left to undo waits for the next request."""

AT_ONCE: Final = 2000

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
    """Imports are made by the command; here they are shown, and undone by those who may."""

    change_form_template = "admin/attune_tracking/import/change_form.html"

    list_display = ("name", "source", "serves", "shift_text", "added", "unreadable", "finished_at")
    search_fields = ("name", "source")
    fieldsets = (
        (None, {"fields": ("name", "source", "basis", "serves")}),
        (_("Moved in time"), {"fields": ("shift_text", "last_event_at", "last_event_now")}),
        (_("Result"), {"fields": ("started_at", "finished_at", "report", "unreadable_rows")}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list by its name."""
        return super().changelist_view(request, under_its_name(self, extra_context))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_undo_permission(self, request: HttpRequest) -> bool:
        """Whether this person may take imports back."""
        staff = request.user
        return staff.has_perm("attune_tracking.undo_import")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        """Each row says what of it may be shown to whoever asks: what bad rows held may name people."""
        imports: QuerySet[Import] = super().get_queryset(request)
        return imports.annotate(
            is_exact=Value(may_see_small_counts(request.user), output_field=BooleanField()),
            is_identified=Value(request.user.has_perm(IDENTIFY), output_field=BooleanField()),
        )

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No guessing by addresses at what the page does not show: visitors' ids, what bad rows held."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The button's page."""
        undo = self.admin_site.admin_view(self.undo_view)
        return [path("<int:import_id>/undo/", undo, name="attune_tracking_import_undo"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["may_undo"] = self.has_undo_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def undo_view(self, request: HttpRequest, import_id: int) -> HttpResponse:
        """Ask whether the import is to be undone; then undo as much of it as fits into a request."""
        if not self.has_undo_permission(request):
            raise PermissionDenied
        record = self.get_object(request, str(import_id))
        if record is None:
            self.message_user(request, gettext("There is no such import (any more)."), messages.WARNING)
            return redirect("admin:attune_tracking_import_changelist")
        if request.method == "POST":
            return self._undo(request, record)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Undo this import"),
            "opts": self.opts,
            "original": record,
            "sharing": [
                {"name": one.name, "events": number_format(one.events), "pk": one.import_id}
                for one in sharing_with(record)
            ],
            "events": number_format(StoredEvent.objects.filter(imported_from=record).count()),
            "visitors": people_in_words(
                Visitor.objects.filter(imported_from=record).count(), exact=may_see_small_counts(request.user)
            ),
        }
        return TemplateResponse(request, "admin/attune_tracking/import/undo.html", context)

    def _undo(self, request: HttpRequest, record: Import) -> HttpResponse:
        enough = time.monotonic() + SECONDS
        try:
            done = undo_import(record.pk, now=timezone.now(), at_most=AT_ONCE)
            while not done.finished and time.monotonic() < enough:
                done = undo_import(record.pk, now=timezone.now(), at_most=AT_ONCE)
        except ImportRefused as refused:
            self.message_user(request, str(refused), messages.WARNING)
            return redirect("admin:attune_tracking_import_changelist")
        text = _in_words(done, exact=may_see_small_counts(request.user))
        kept = _in_words(done, exact=False)  # others read it, too
        if done.finished:
            # Who undid it, and what that did, outlives the import.
            LogEntry.objects.log_actions(
                request.user.pk or 0, [record], DELETION, change_message=kept, single_object=True
            )
            self.message_user(request, text, messages.SUCCESS)
            return redirect("admin:attune_tracking_import_changelist")
        self.log_change(request, record, kept)
        self.message_user(request, text, messages.WARNING)
        return redirect("admin:attune_tracking_import_undo", record.pk)

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
        if not getattr(record, "is_identified", False):
            return gettext("Privacy officers see them: they may name people.")
        rows = (
            (gettext("Line %(line)s") % {"line": problem["line"]}, f"{problem['reason']}: {problem['detail']}")
            for problem in record.problems
        )
        return format_html("<table><tbody>{}</tbody></table>", _table_rows(rows))

    def _report_rows(self, record: Import) -> Iterator[tuple[str, str]]:
        if record.undo_began_at is not None:
            yield (
                gettext("Being undone"),
                _in_words(Undone(**record.counts.get("undone", {})), exact=getattr(record, "is_exact", False)),
            )
        for one in undone_since(record):
            yield (
                gettext("To be run again"),
                gettext("%(events)s events that it found there went when %(name)s was undone.")
                % {"events": number_format(one.events), "name": one.name},
            )
        if record.finished_at is None:
            yield gettext("Interrupted after row"), f"{number_format(record.position)} / {number_format(record.rows)}"
        for name, label in COUNTS:
            # So few rows are of so few people who have withdrawn.
            is_exact = name != "withdrawn" or getattr(record, "is_exact", False)
            yield str(label), people_in_words(record.counts.get(name, 0), exact=is_exact)
        yield gettext("Could not be read"), self.unreadable(record)
        for reason, count in record.counts.get("bad", {}).items():
            yield f"– {reason}", number_format(count)
            if reason == "unknown event" and getattr(record, "is_identified", False):
                for name, times in record.counts.get("unknown", {}).items():
                    yield f"– – {name}", number_format(times)
        for name, count in record.counts.get("undeclared", {}).items():
            yield gettext("Values dropped of %(name)s") % {"name": name}, number_format(count)


def number_format(number: int) -> str:
    """A number for reading: of imports they are long."""
    return format_number(number, force_grouping=True)


def _in_words(done: Undone, *, exact: bool) -> str:
    numbers = {
        "events": number_format(done.events),
        "visitors": people_in_words(done.visitors, exact=exact),
        "kept": people_in_words(done.kept, exact=exact),
    }
    text = (
        gettext(
            "Events removed: %(events)s. Visitors removed with what was known about them: %(visitors)s."
            " Visitors who stay, for they have other events: %(kept)s."
        )
        % numbers
    )
    return f"{gettext('The import is undone.') if done.finished else gettext('Not all is undone yet.')} {text}"


def _table_rows(rows: Iterator[tuple[str, str]]) -> SafeString:
    return format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', rows)
