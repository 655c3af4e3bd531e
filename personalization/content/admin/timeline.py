"""The schedule of a block's variants as a timeline on the block's page."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from personalization.content.advising.findings import LINTED, block_facts
from personalization.content.advising.timeline import timeline_of
from personalization.content.models import Block

if TYPE_CHECKING:
    BlockModelAdmin = admin.ModelAdmin[Block]
else:  # Django's class takes no parameters when it runs
    BlockModelAdmin = admin.ModelAdmin


class TimelineAdmin(BlockModelAdmin):
    """The page of a block, with when its variants are shown."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Lay the bars over some weeks, where there is any schedule."""
        block = context.get("original")
        if isinstance(block, Block):
            context["timeline"] = timeline_of(block_facts(block, getattr(block, LINTED)).variants, now=timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)
