"""The page of the demo's admin that explains its simulated visitors; everybody who may log in may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from config.site.simulator.models import SimulatedRun
from config.site.simulator.selectors import intents

if TYPE_CHECKING:
    Runs = admin.ModelAdmin[SimulatedRun]
else:
    Runs = admin.ModelAdmin


@admin.register(SimulatedRun)
class SimulatedRunAdmin(Runs):
    """One page, and nothing to change on it."""

    def get_urls(self) -> list[Any]:
        return super().get_urls()[:1]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(self.opts.verbose_name_plural),
            "opts": self.opts,
            "intents": intents(),
        }
        return TemplateResponse(request, "simulator/explanation.html", context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
