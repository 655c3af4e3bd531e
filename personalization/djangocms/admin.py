"""The blocks of published pages in one list: what is live, what was switched off, and where each is edited."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.content.admin.pausing import LIVE, PAUSED
from personalization.content.advising.states import Kind, state_of
from personalization.content.advising.words import state_in_words
from personalization.content.deciding.schedule import ALWAYS
from personalization.content.models import FailingElsewhere, PausedElsewhere
from personalization.content.pausing import pause_elsewhere, resume_elsewhere
from personalization.content.previewing.side_by_side import side_by_side
from personalization.content.serving.breaking import try_again_elsewhere
from personalization.djangocms.admin_page import BlockPageAdmin
from personalization.djangocms.beside import columns_of, may_look_at
from personalization.djangocms.failing import broken_in
from personalization.djangocms.models import KEY_PREFIX, PersonalizedBlock
from personalization.djangocms.versions import visible
from personalization.djangocms.where import page_url
from personalization.segments.updating import applying_rules
from tracking.admin_lists import under_its_name


@admin.register(PersonalizedBlock)
class PersonalizedBlockAdmin(BlockPageAdmin):
    """What visitors see of pages' blocks can be paused here at once; everything else is edited in the pages."""

    list_display = ("name", "page", "live", "failed", "variants")
    search_fields = ("name",)

    class Media:
        css = {"all": ("personalization/content/block.css",)}  # how Django's media are declared

    def get_queryset(self, request: HttpRequest) -> QuerySet[PersonalizedBlock]:
        """Those that visitors may see, with what holds them back."""
        paused = _uuids(PausedElsewhere.objects.values_list("key", flat=True))
        broken = _uuids(FailingElsewhere.objects.filter(broken_at__isnull=False).values_list("block", flat=True))
        blocks = (
            visible(PersonalizedBlock.objects.order_by("name", "pk"))
            .select_related("campaign")
            .prefetch_related("placeholder__source")
        )
        listed: QuerySet[PersonalizedBlock] = blocks.annotate(
            status=Case(When(uuid__in=paused, then=Value(PAUSED)), default=Value(LIVE)),
            is_broken=Case(When(uuid__in=broken, then=Value(True)), default=Value(False)),
        )
        return listed

    def get_urls(self) -> list[URLPattern]:
        """With the button that switches on again, and with addresses by the key that all versions of a page share."""
        views: tuple[tuple[str, str, Any], ...] = (
            ("<int:pk>/retry/", "retry", self.retry_view),
            ("<int:pk>/side-by-side/", "side_by_side", self.side_by_side_view),
            ("<uuid:uuid>/side-by-side/", "side_by_side_by_name", self.side_by_side_by_name_view),
            ("<uuid:uuid>/pause/", "pause_by_name", self.pause_by_name_view),
        )
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        ours = [path(route, self.admin_site.admin_view(view), name=f"{name}_{end}") for route, end, view in views]
        return [*ours, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list by its name."""
        return super().changelist_view(request, under_its_name(self, extra_context))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A block is added to a page, in the page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is taken out there, too."""
        return False

    def side_by_side_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show all variants of a block at once, in its version of its page."""
        block = get_object_or_404(PersonalizedBlock.objects.select_related("placeholder"), pk=pk)
        if not self.has_view_permission(request, block) or not may_look_at(request.user, block):
            raise PermissionDenied
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "list_url": reverse("admin:attune_djangocms_personalizedblock_changelist"),
            "block_url": reverse("admin:attune_djangocms_personalizedblock_change", args=[block.pk]),
            "media": self.media,
        }
        # The CMS makes a row for who first sees its bar: here, so that not all the frames do so at once.
        bool(getattr(request, "toolbar", None))
        return side_by_side(request, str(block), columns_of(request, block), context)

    def side_by_side_by_name_view(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The same of what is published."""
        return self.side_by_side_view(request, get_object_or_404(self.get_queryset(request), uuid=uuid).pk)

    def pause_by_name_view(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Pause or resume the block, whichever version of its page is published by now."""
        return self.pause_view(request, get_object_or_404(self.get_queryset(request), uuid=uuid).pk)

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Switch on again what was switched off after errors."""
        block = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, block):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try_again_elsewhere(block.key)
        self.log_change(request, block, _now("Switched on again after errors."))
        self.message_user(request, _now("Switched on again."), messages.SUCCESS)
        page = "change" if "page" in request.GET else "changelist"
        args = [block.pk] if page == "change" else []
        return HttpResponseRedirect(reverse(f"admin:attune_djangocms_personalizedblock_{page}", args=args))

    @admin.display(description=_("page"))
    def page(self, block: PersonalizedBlock) -> SafeString | str:
        """Where it is edited."""
        url = page_url(block)
        name = str(block.placeholder.source)
        return format_html('<a href="{}">{}</a>', url, name) if url else name

    @admin.display(description=_("How it looks"))
    def variants(self, block: PersonalizedBlock) -> SafeString:
        """All that it can show, at a glance."""
        url = reverse("admin:attune_djangocms_personalizedblock_side_by_side", args=[block.pk])
        return format_html('<a href="{}">{}</a>', url, _now("All variants side by side"))

    @admin.display(description=_("Switched off after errors"))
    def failed(self, block: PersonalizedBlock) -> SafeString | str:
        """Its variants that are, why, and the button that tries them again."""
        broken = broken_in(block) if getattr(block, "is_broken", False) else []
        if not broken:
            return "–"
        return format_html(
            '<ul class="attune-shown">{}</ul>'
            '<button type="submit" class="attune-pause" formaction="{}" formnovalidate>{}</button>',
            format_html_join("", "<li><b>{}</b>: {}</li>", broken),
            reverse("admin:attune_djangocms_personalizedblock_retry", args=[block.pk]),
            _now("Try again"),
        )

    def kept_back(self, paused: Any) -> str:
        """What its campaign's dates and button say, unless it runs; a variant's own stand on the block's page."""
        state = state_of(ALWAYS, [paused.campaign.published] if paused.campaign else [], now=timezone.now())
        return "" if state.kind is Kind.SHOWN else state_in_words(state)

    def _turn_over(self, request: HttpRequest, paused: Any, *, to_live: bool) -> None:
        with applying_rules():
            (resume_elsewhere if to_live else pause_elsewhere)(paused.key)
        self._tell_turned(request, paused, to_live=to_live)


def _uuids(keys: Any) -> list[UUID]:
    return [UUID(key.removeprefix(KEY_PREFIX)) for key in keys if key.startswith(KEY_PREFIX)]
