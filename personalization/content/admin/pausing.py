"""The buttons that pause and resume, in lists and on pages."""

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.content.models import Block, Campaign, PausedEverything, Variant
from personalization.content.pausing import pause, pause_everything, resume, resume_everything
from personalization.content.serving.breaking import try_again
from personalization.segments.updating import applying_rules

if TYPE_CHECKING:
    PausableModelAdmin = admin.ModelAdmin[Any]
else:  # Django's class takes no parameters when it runs
    PausableModelAdmin = admin.ModelAdmin

TO: Final = "to"
"""What a button sends: the status that it leads to, so that pressing twice does no harm."""
FROM_START: Final = "start"
"""In the address that a button of the start page sends to: where to go back to."""
FROM_PAGE: Final = "page"
"""The same of a button of the page itself."""
UNDO: Final = "attune-undo"
"""The id of the form, on our pages, that buttons in messages send."""
LIVE: Final = "live"
PAUSED: Final = "paused"
_ALL_PAUSED: Final = "all_paused"


class PausableAdmin(PausableModelAdmin):
    """A list and pages of what has a status, live or paused, with a button that turns it over."""

    change_list_template = "admin/attune_content/pausable_change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The button's address."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_pause"
        return [path("<int:pk>/pause/", self.admin_site.admin_view(self.pause_view), name=name), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Each knows whether everything is paused."""
        rows: QuerySet[Any] = super().get_queryset(request)
        told: QuerySet[Any] = rows.annotate(**{_ALL_PAUSED: Exists(PausedEverything.objects.all())})
        return told

    def kept_back(self, paused: Any) -> str:
        """What keeps it from being shown though nobody paused it, in words; empty: nothing does."""
        return ""

    @admin.display(description=_("Live"), ordering="status")
    def live(self, paused: Block | Campaign) -> SafeString:
        """Whether it is live, and the button, which sends the list's form elsewhere."""
        is_live = paused.status == LIVE
        why = self.kept_back(paused) if is_live else ""
        return format_html(
            '<span class="attune-status attune-status-{}">{}</span>{} '
            '<button type="submit" class="attune-pause" formaction="{}" formnovalidate name="{}" value="{}"'
            ' aria-label="{}: {}">{}</button>{}',
            "paused" if why else paused.status,
            _standing(paused, kept_back=bool(why)),
            on_trial(paused),
            self._pause_url(paused),
            TO,
            PAUSED if is_live else LIVE,
            _now("Pause") if is_live else _now("Resume"),
            paused.name,
            _now("Pause") if is_live else _now("Resume"),
            format_html('<div class="help">{}</div>', why) if why else "",
        )

    @admin.display(description=_("Live"), boolean=True, ordering="status")
    def is_live(self, paused: Block | Campaign) -> bool:
        """The same for those who may not change it."""
        return paused.status == LIVE

    def get_list_display(self, request: HttpRequest) -> Any:
        """The button for those who may press it."""
        columns = super().get_list_display(request)
        return columns if self.has_change_permission(request) else ["is_live" if c == "live" else c for c in columns]

    def pause_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Pause or resume one, as the button says."""
        paused: Block | Campaign = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, paused):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if request.POST.get(TO) in (LIVE, PAUSED) and request.POST[TO] != paused.status:
            self._turn_over(request, paused, to_live=request.POST[TO] == LIVE)
        if FROM_START in request.GET:
            return HttpResponseRedirect(reverse("admin:attune_content_start"))
        page = "change" if FROM_PAGE in request.GET else "changelist"
        args = [paused.pk] if page == "change" else []
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page with its button, for those who may press it."""
        paused = self.get_object(request, object_id)
        button: dict[str, Any] = {}
        if isinstance(paused, Block):
            button["broken"] = paused.variants.filter(broken_at__isnull=False)
        if paused is not None and self.has_change_permission(request, paused):
            is_live = paused.status == LIVE
            button |= {
                "pause_url": f"{self._pause_url(paused)}?{FROM_PAGE}",
                "pause_to": PAUSED if is_live else LIVE,
                "pause_label": _now("Pause") if is_live else _now("Resume"),
                "retry_url": self._retry_url(paused),
            }
        return super().change_view(request, object_id, form_url, {**button, **(extra_context or {})})

    def _turn_over(self, request: HttpRequest, paused: Block | Campaign, *, to_live: bool) -> None:
        with applying_rules():
            (resume if to_live else pause)(paused)
        self._tell_turned(request, paused, to_live=to_live)

    def _tell_turned(self, request: HttpRequest, paused: Any, *, to_live: bool) -> None:
        """Say so, with the button that takes it back."""
        said = _now("“%(name)s” is live again.") if to_live else _now("“%(name)s” is paused.")
        self.log_change(request, paused, _now("Resumed.") if to_live else _now("Paused."))
        query = next((f"?{one}" for one in (FROM_START, FROM_PAGE) if one in request.GET), "")
        button = button_beside(
            f"{self._pause_url(paused)}{query}",
            to=PAUSED if to_live else LIVE,
            label=_now("Pause") if to_live else _now("Resume"),
        )
        self.message_user(request, format_html("{} {}", said % {"name": paused}, button), messages.SUCCESS)

    def _retry_url(self, paused: Block | Campaign) -> str:
        """Where to switch on again what failed; nowhere, if nothing can."""
        return ""

    def _pause_url(self, paused: Block | Campaign) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_pause", args=[paused.pk])


class PausesEverythingAdmin(PausableAdmin):
    """The list that has the button for everything, too."""

    def get_urls(self) -> list[URLPattern]:
        """The buttons' addresses."""
        view = self.admin_site.admin_view(self.pause_everything_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_pause_everything"
        retry = path(
            "<int:pk>/retry/",
            self.admin_site.admin_view(self.retry_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_retry",
        )
        return [path("pause-everything/", view, name=name), retry, *super().get_urls()]

    def pause_everything_view(self, request: HttpRequest) -> HttpResponse:
        """Pause or resume everything, as the button says."""
        if not may_pause_everything(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        before = PausedEverything.objects.first()
        if request.POST.get(TO) == PAUSED:
            pause_everything(by=request.user.get_username())
            if before is None:
                self.log_change(request, PausedEverything(pk=1), _now("Paused."))
            self.message_user(request, _now("Everything is paused."), messages.SUCCESS)
        elif request.POST.get(TO) == LIVE:
            resume_everything()
            if before is not None:
                self.log_change(request, before, _now("Resumed."))
            self.message_user(request, _now("Everything is live again."), messages.SUCCESS)
        if FROM_START in request.GET:
            return HttpResponseRedirect(reverse("admin:attune_content_start"))
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, which says so while everything is paused."""
        context: dict[str, Any] = {
            "may_pause_everything": may_pause_everything(request),
            "paused": PausedEverything.objects.first(),
        }
        context["broken"] = [
            (reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[variant.block_id]), variant)
            for variant in Variant.objects.filter(broken_at__isnull=False).select_related("block")
        ]
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def _retry_url(self, paused: Block | Campaign) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_retry", args=[paused.pk])

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Switch on again what was switched off after errors."""
        block = get_object_or_404(Block, pk=pk)
        if not self.has_change_permission(request, block):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try_again(block)
        self.log_change(request, block, _now("Switched on again after errors."))
        self.message_user(request, _now("Switched on again."), messages.SUCCESS)
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[block.pk])
        )


def button_beside(url: str, *, to: str, label: str) -> SafeString:
    """A button for a message: it sends the form that our pages have for that."""
    return format_html(
        '<button type="submit" form="{}" formaction="{}" name="{}" value="{}" class="attune-pause">{}</button>',
        UNDO,
        url,
        TO,
        to,
        label,
    )


def _standing(paused: Any, *, kept_back: bool) -> str:
    if paused.status != LIVE:
        return _now("Paused")
    if getattr(paused, _ALL_PAUSED, False):
        return _now("Paused with everything")
    return _now("Not shown") if kept_back else _now("Live")


def on_trial(tried: Any) -> SafeString | str:
    """Says so in lists, if only the team sees it."""
    return format_html(' <span class="attune-trial">{}</span>', _now("my team only")) if tried.team_only else ""


def may_pause_everything(request: HttpRequest) -> bool:
    """Whether this person may press the button for everything."""
    return request.user.has_perm("attune_content.pause_everything")
