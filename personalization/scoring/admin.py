"""Where editors say what makes an engaged visitor: one page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.scoring.engagement import ENGAGEMENT
from personalization.scoring.forms import EngagementScoreForm, weights_as_lines
from personalization.scoring.models import EngagementScore


@admin.register(EngagementScore)
class EngagementScoreAdmin(admin.ModelAdmin):
    """There is one score: its page stands where others have their list."""

    form = EngagementScoreForm
    readonly_fields = ("weights_in_lines", "use")

    class Media:
        css = {"all": ("personalization/scoring/score.css",)}  # how Django's media are declared

    def get_fieldsets(self, request: HttpRequest, obj: EngagementScore | None = None) -> Any:
        """Lines for all: to be written by those who may, to be read by others."""
        weights = "weights" if self.has_change_permission(request, obj) else "weights_in_lines"
        return ((None, {"fields": (weights, "half_life_days", "use")}),)

    @admin.display(description=_("What counts, and how much"))
    def weights_in_lines(self, row: EngagementScore) -> SafeString:
        """What counts, one line for each event."""
        return format_html("<pre>{}</pre>", weights_as_lines(row.weights))

    @admin.display(description=_("In rules"))
    def use(self, row: EngagementScore) -> SafeString:
        """How rules name the score."""
        return format_html(
            "<code>{}</code><p>{}</p>",
            f'{{"trait": "{ENGAGEMENT}", "at_least": 10}}',
            gettext(
                "As a rule of a segment: everybody whose score is 10 or more. Saving applies to everybody at once."
            ),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is always one, and only one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: EngagementScore | None = None) -> bool:
        """See above."""
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> EngagementScore:
        """The row, or what holds as long as nobody has saved it."""
        found = self.get_queryset(request).filter(pk=EngagementScore.ONLY).first()
        return found or EngagementScore(pk=EngagementScore.ONLY)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The page itself."""
        context = {"show_save_and_continue": False, "show_close": False, **(extra_context or {})}
        return self.changeform_view(request, str(EngagementScore.ONLY), extra_context=context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page under the score's name: there is no other to tell it from."""
        context = {"title": gettext("Engagement score"), "subtitle": None, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)
