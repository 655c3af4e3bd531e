"""Where the script that builds rules gets what rules can say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path

from personalization.segments.vocabulary import vocabulary

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:  # Django's class takes no parameters when it runs
    AnyModelAdmin = admin.ModelAdmin


class VocabularyAdmin(AnyModelAdmin):
    """The admin of segments, with the vocabulary of their rules."""

    def get_urls(self) -> list[URLPattern]:
        """The vocabulary's address."""
        view = self.admin_site.admin_view(self.rule_vocabulary_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_rule_vocabulary"
        return [path("rule-vocabulary/", view, name=name), *super().get_urls()]

    def rule_vocabulary_view(self, request: HttpRequest) -> HttpResponse:
        """For whoever edits rules: it names segments, and what is known about visitors."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        return JsonResponse(vocabulary())
