"""Cutting off a variant of a page that takes too long: before each plugin in it, beside its queries."""

from __future__ import annotations

from typing import Any

import cms
from cms.plugin_rendering import ContentRenderer
from django.core.exceptions import ImproperlyConfigured

from personalization.content.serving.cutting import look_at_the_time

_NAME = "render_plugin"
_render_plugin = getattr(ContentRenderer, _NAME, None)


def take_place() -> None:
    """Have the time looked at wherever the CMS renders a plugin; called once the app is ready."""
    if _render_plugin is None:
        raise ImproperlyConfigured(
            f"django CMS {cms.__version__} renders plugins in another way than personalization.djangocms knows. Use "
            "another release of one of them."
        )
    setattr(ContentRenderer, _NAME, _render_in_time)


def _render_in_time(self: Any, *args: Any, **kwargs: Any) -> Any:
    look_at_the_time()
    return _render_plugin(self, *args, **kwargs)  # type: ignore[misc]  # it is there, or this did not take its place
