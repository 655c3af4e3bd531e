"""How our lists in the admin are called."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.text import capfirst


def under_its_name(page: admin.ModelAdmin[Any], extra_context: dict[str, Any] | None) -> dict[str, Any]:
    """The context of a list whose heading says what it lists, where Django says what to select and why."""
    return {"title": capfirst(str(page.opts.verbose_name_plural)), **(extra_context or {})}
