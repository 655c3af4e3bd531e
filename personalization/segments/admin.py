"""Where editors say who visitors are: the rule, what it says in words, how many people, and where it is used."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import BooleanField, Case, F, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consent.throttle import RETRY_AFTER, allow
from personalization.rules import InvalidRule, Limits, Rule
from personalization.segments.admin_vocabulary import VocabularyAdmin
from personalization.segments.examples import EXAMPLES
from personalization.segments.fields import read_rule, rule_mistakes
from personalization.segments.forms import SegmentForm
from personalization.segments.models import Segment, Status
from personalization.segments.plain_mistakes import marked
from personalization.segments.published import STORED_RULES
from personalization.segments.updating import Update, applying_rules, update_everybody
from personalization.segments.usages import Usage, usages_of
from personalization.segments.validation import circle_of
from tracking.admin_lists import under_its_name
from tracking.counts import SMALL, may_see_small_counts, people_in_words
from tracking.selectors import moves_in_time

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:  # Django's class takes no parameters when it runs
    AnyModelAdmin = admin.ModelAdmin

IN_WORDS_PER_MINUTE: Final = 240
"""How often one address may ask what a rule that is typed says: four times a second."""

_ASKED_BY: Final = "_attune_asked_by"
_IN_ORDER: Final = Case(When(size__lt=SMALL, then=0), default=F("size"), output_field=IntegerField())
"""Small sizes sort as one: their order would tell what their text does not."""


class RulesAdmin(AnyModelAdmin):
    """Pages on which rules come, change and go: the workers then apply them to everybody, if there are any."""

    class Media:
        css = {"all": ("personalization/segments/rule.css",)}  # how Django's media are declared
        js = ("personalization/segments/rule.js",)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add and change."""
        with _applying_what_is_posted(request):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete one."""
        with _applying_what_is_posted(request):
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list by its name, whose actions delete several."""
        with _applying_what_is_posted(request):
            return super().changelist_view(request, under_its_name(self, extra_context))


def _linked(use: Usage, user: AbstractBaseUser | AnonymousUser) -> SafeString | str:
    """The place's name, leading there whoever may open it."""
    may_open = not use.permission or user.has_perm(use.permission)  # type: ignore[union-attr]  # the admin's users have permissions
    return format_html('<a href="{}">{}</a>', use.url, use.label) if use.url and may_open else use.label


def _applying_what_is_posted(request: HttpRequest) -> AbstractContextManager[None]:
    return applying_rules() if request.method == "POST" else nullcontext()


@admin.register(Segment)
class SegmentAdmin(VocabularyAdmin, RulesAdmin):
    """A segment on one page."""

    form = SegmentForm
    list_display = ("name", "who", "asked_of", "people", "changed")
    search_fields = ("name", "slug", "description")
    actions = ("update_now_action",)
    readonly_fields = ("in_words", "examples", "people", "counted", "where_used")
    fieldsets = (
        (None, {"fields": ("name", "slug", "status", "description")}),
        (_("Who belongs to it"), {"fields": ("rule", "in_words", "examples")}),
        (_("People"), {"fields": ("people", "counted", "where_used")}),
    )
    change_list_template = "admin/attune_segments/segment/change_list.html"
    change_form_template = "admin/attune_segments/segment/change_form.html"

    class Media:
        css = {"all": ("personalization/segments/segment.css",)}  # how Django's media are declared
        js = ("personalization/segments/segment.js",)

    def get_readonly_fields(self, request: HttpRequest, obj: Segment | None = None) -> tuple[str, ...]:
        """The name in templates stays as it is once saved."""
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Segment | None = None) -> dict[str, Sequence[str]]:
        """Suggest a name in templates while the segment is new."""
        return {} if obj else {"slug": ("name",)}

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        """Nothing to choose where all are active: the sentences get its room."""
        return ("status",) if Segment.objects.exclude(status=Status.ACTIVE).exists() else ()

    def get_urls(self) -> list[URLPattern]:
        """The button and the sentence."""
        return [
            path("update-now/", self._guarded(self.update_now_view), name="attune_segments_segment_update_now"),
            path(
                "rule-in-words/", self._guarded(self.rule_in_words_view), name="attune_segments_segment_rule_in_words"
            ),
            *super().get_urls(),
        ]

    def _guarded(self, view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
        return self.admin_site.admin_view(view)

    # What is shown

    @admin.display(description=_("who belongs to it"))
    def who(self, segment: Segment) -> SafeString | str:
        """The rule as a sentence, for the list; before it, that the segment is a draft or archived."""
        if segment.status == Status.ACTIVE:
            return sentence(segment.rule)
        return format_html("<b>{}.</b> {}", segment.get_status_display(), sentence(segment.rule))

    @admin.display(description=_("asked of"))
    def asked_of(self, segment: Segment) -> str:
        """Whom its rule is asked of, for the list."""
        return gettext("everybody") if _is_open(segment.rule) else gettext("who agreed")

    @admin.display(description=_("changed"), ordering="updated_at")
    def changed(self, segment: Segment) -> str:
        """The day, for the list; the segment's history says more."""
        return date_format(localtime(segment.updated_at), "DATE_FORMAT")

    @admin.display(description=_("In words"))
    def in_words(self, segment: Segment) -> SafeString:
        """The stored rule as a sentence; the script keeps it up with what is typed."""
        return format_html(
            '<div class="attune-in-words"><p class="attune-sentence">{}</p><p class="help">{}</p>{}</div>',
            sentence(segment.rule),
            asked_of_whom(segment.rule),
            format_html_join("", '<p class="help">{}</p>', ((text,) for text in _beyond_limits(segment.rule))),
        )

    @admin.display(description=_("Rules to start from"))
    def examples(self, segment: Segment) -> SafeString:
        """Seven ready rules, folded away."""
        items = format_html_join(
            "",
            '<li>{}<pre>{}</pre><button type="button" class="attune-use-example" hidden>{}</button></li>',
            ((example.title, json.dumps(example.rule, indent=2), gettext("Use this rule")) for example in EXAMPLES),
        )
        return format_html(
            '<details class="attune-examples"><summary>{}</summary><ul>{}</ul></details>',
            gettext("Show seven rules"),
            items,
        )

    @admin.display(description=_("people"), ordering=_IN_ORDER)
    def people(self, segment: Segment) -> str:
        """How many people are in it, as counted last."""
        if segment.status != Status.ACTIVE:
            return "–"
        if segment.size is not None:
            return people_in_words(segment.size, exact=getattr(segment, "is_exact", False))
        # Counting leaves out what is decided at each visit, also what is so through another segment.
        if segment.size_at is not None or _is_contextual(segment.rule):
            return gettext("Decided at each visit, nothing stored")
        return gettext("Not counted yet")

    @admin.display(description=_("counted"))
    def counted(self, segment: Segment) -> SafeString | str:
        """When they were counted, and whose times were moved when they were imported."""
        if not segment.size_at:
            return "–"
        moves = (
            (gettext("With visitors imported from %(name)s, moved in time by %(move)s") % {"name": name, "move": move},)
            for name, move in moves_in_time()
        )
        when = date_format(localtime(segment.size_at), "DATETIME_FORMAT")
        return format_html("{}{}", when, format_html_join("", "<br>{}", moves))

    @admin.display(description=_("where used"))
    def where_used(self, segment: Segment) -> SafeString | str:
        """Everything that names it, with links."""
        uses = usages_of(segment.slug) if segment.pk else []
        if not uses:
            return gettext("Nowhere yet.")
        user = getattr(segment, _ASKED_BY, AnonymousUser())
        lines = ((_linked(use, user),) for use in uses)
        return format_html('<ul class="attune-uses">{}</ul>', format_html_join("", "<li>{}</li>", lines))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Segment | None:
        """A segment that knows for whom its page is made: it links to what they may open."""
        segment = super().get_object(request, object_id, from_field)
        if segment is not None:
            setattr(segment, _ASKED_BY, request.user)
        return segment

    def get_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        """Each row says whether its small size may be shown to whoever asks."""
        exact = Value(may_see_small_counts(request.user), output_field=BooleanField())
        segments: QuerySet[Segment] = super().get_queryset(request).annotate(is_exact=exact)
        return segments

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No narrowing down of sizes by addresses."""
        return lookup.split("__")[0] != "size" and super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list with its button, for those who may press it."""
        return super().changelist_view(
            request, {"may_update_now": self.has_recompute_permission(request), **(extra_context or {})}
        )

    # What is written

    def save_model(self, request: HttpRequest, obj: Segment, form: SegmentForm, change: bool) -> None:
        """Save, and warn of a rule that cannot hold for anybody."""
        super().save_model(request, obj, form, change)
        rule = Rule.parse(obj.rule, STORED_RULES)
        active = set(Segment.objects.filter(status=Status.ACTIVE).values_list("slug", flat=True))
        if (missing := sorted(rule.segments - active)) and obj.status != Status.ARCHIVED:
            self.message_user(
                request,
                gettext("Nobody matches this rule for now: there is no active segment “%(slug)s”.")
                % {"slug": "”, “".join(missing)},
                messages.WARNING,
            )

    def get_deleted_objects(
        self, objs: Sequence[Segment] | QuerySet[Segment], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """A segment in use is protected, and the page lists its uses."""
        to_delete, model_count, perms_needed, protected = super().get_deleted_objects(objs, request)
        prefix = "{}:" if len(objs) > 1 else ""
        # Django names what its own foreign keys protect; ours say where it is.
        uses: list[Any] = [
            format_html("{} {}", prefix.format(segment.name), _linked(use, request.user))
            for segment in objs
            for use in usages_of(segment.slug)
        ]
        return to_delete, model_count, perms_needed, uses or protected

    # Update now

    def has_recompute_permission(self, request: HttpRequest) -> bool:
        """Whether the user may have all visitors judged now."""
        return bool(request.user.has_perm("attune_segments.recompute_segment"))

    @admin.action(description=_("Update now"), permissions=["recompute"])
    def update_now_action(self, request: HttpRequest, queryset: QuerySet[Segment]) -> None:
        """All segments are updated together: one look at each visitor answers them all."""
        self._update_now(request)

    def update_now_view(self, request: HttpRequest) -> HttpResponse:
        """The button above the list."""
        if not self.has_recompute_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._update_now(request)
        return HttpResponseRedirect(reverse("admin:attune_segments_segment_changelist"))

    def _update_now(self, request: HttpRequest) -> None:
        update = update_everybody()
        if update.how == Update.DONE:
            exact = may_see_small_counts(request.user)
            text = ngettext(
                "Updated: one visitor was looked at.",
                "Updated: %(count)s visitors were looked at.",
                update.visitors if exact else max(update.visitors, SMALL),  # the grammar of one would tell, too
            ) % {"count": people_in_words(update.visitors, exact=exact)}
            self.message_user(request, text, messages.SUCCESS)
        elif update.how == Update.STARTED:
            text = gettext("The update of %(count)s visitors has started; the numbers change when it is done.")
            self.message_user(request, text % {"count": f"{update.visitors:,}"}, messages.INFO)
        else:
            text = gettext("No worker can be reached. Start one, or run “manage.py recompute_segments”.")
            self.message_user(request, text, messages.ERROR)

    # The rule in words, while it is typed

    def rule_in_words_view(self, request: HttpRequest) -> HttpResponse:
        """The rule that is being typed as a sentence, or its mistakes, for whoever edits rules. Stores nothing."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not allow(request, "rule-in-words", IN_WORDS_PER_MINUTE):
            return HttpResponse(status=429, headers={"Retry-After": str(RETRY_AFTER)})
        typed = request.POST.get("rule", "")
        if not typed.strip():
            return JsonResponse({"sentence": gettext("There is no rule yet."), "mistakes": [], "marked": []})
        try:
            rule = read_rule(typed)
        except ValidationError as error:
            return JsonResponse({"sentence": "", "mistakes": error.messages, "marked": []})
        mistakes = rule_mistakes(rule)
        if not mistakes and (circle := circle_of(request.POST.get("slug", ""), rule)):
            mistakes = [gettext("Segments may not depend on themselves: %(circle)s.") % {"circle": " → ".join(circle)}]
        said = {"sentence": "", "asked_of": ""} if mistakes else told(rule)
        return JsonResponse({**said, "mistakes": mistakes, "marked": marked(rule) if mistakes else []})


def _beyond_limits(rule: object) -> list[str]:
    """Where a stored rule goes beyond what rules may ask for today: it still holds, but cannot be saved so again."""
    try:
        mistakes = Rule.parse(rule, STORED_RULES).beyond(Limits())
    except InvalidRule:
        return []
    text = gettext("It still holds, but is larger than rules may be now: %(mistake)s")
    return [text % {"mistake": mistake} for mistake in mistakes]


def _is_open(rule: object) -> bool:
    """Whether it is asked of visitors who have not agreed, too."""
    try:
        return Rule.parse(rule, STORED_RULES).asks_requests_only
    except InvalidRule:
        return False


def asked_of_whom(rule: object) -> str:
    """Of whom a rule is asked, in words."""
    if _is_open(rule):
        return gettext("Asked of everybody, also of visitors who have not agreed: it looks at the visit alone.")
    return gettext("Asked of visitors who agreed to personalization; nobody else belongs to it.")


def told(rule: object) -> dict[str, str]:
    """A rule in words, and of whom it is asked."""
    return {"sentence": sentence(rule), "asked_of": asked_of_whom(rule)}


def _is_contextual(rule: object) -> bool:
    try:
        return Rule.parse(rule, STORED_RULES).is_contextual
    except InvalidRule:
        return False


def sentence(rule: object) -> str:
    """A rule as one plain sentence."""
    try:
        # A rule that was refused is shown, too: what no page can hold is replaced.
        return Rule.parse(rule, STORED_RULES).describe(gettext).encode(errors="replace").decode()
    except InvalidRule:
        return gettext("This rule has mistakes, so nobody matches it.")
