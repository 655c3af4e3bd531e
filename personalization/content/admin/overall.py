"""The pages of the limits over everything."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from personalization.content.overall import OverallLimit
from personalization.segments.admin import RulesAdmin

if TYPE_CHECKING:
    OverallModelAdmin = admin.ModelAdmin[OverallLimit]
else:  # Django's class takes no parameters when it runs
    OverallModelAdmin = admin.ModelAdmin


@admin.register(OverallLimit)
class OverallLimitAdmin(RulesAdmin, OverallModelAdmin):
    """How much visitors see of everything together."""

    list_display = ("in_words",)
    fieldsets = (
        (
            None,
            {
                "fields": (("times", "within"),),
                "description": _(
                    "Whatever visitors see instead of what everyone else sees counts, in all blocks together. Blocks "
                    "that are part of a page rather than an offer can be left out, on their pages. Visitors who did "
                    "not agree to personalization cannot be counted, and see of all other blocks what everyone else "
                    "sees."
                ),
            },
        ),
    )

    @admin.display(description=_("How often at most, over everything"))
    def in_words(self, limit: OverallLimit) -> str:
        """The limit, and the time in which it holds."""
        return str(limit)
