"""What a variant of a page shows, plugin by plugin, for apps that render it themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from personalization.content.bodies.calls import Call
from personalization.content.bodies.texts import Text
from personalization.content.deciding.blocks import Body
from personalization.content.services import in_segment
from personalization.content.sources import Part
from personalization.djangocms.models import BodyPlugin, CallToActionPlugin, IfSegment, Variant
from personalization.djangocms.texts import TEXT


def parts_of(request: HttpRequest, variant: Variant) -> list[Part]:
    """Its plugins that show this visitor something; what stands in a part for a segment is told by itself."""
    return [part for child in variant.child_plugin_instances or () for part in _parts(request, child)]


def html_of(request: HttpRequest, plugin: Any) -> str:
    """A plugin as visitors see it."""
    return render_to_string("attune_djangocms/filled.html", {"plugin": plugin}, request).strip()


def _parts(request: HttpRequest, plugin: Any) -> Iterator[Part]:
    if isinstance(plugin, IfSegment):
        if in_segment(request, plugin.segment.slug) is not plugin.is_negated:
            for child in plugin.child_plugin_instances or ():
                yield from _parts(request, child)
    elif html := html_of(request, plugin):
        yield Part(html, _body_of(plugin, html), str(plugin.uuid) if isinstance(plugin, BodyPlugin) else "")


def _body_of(plugin: Any, html: str) -> Body | None:
    """What it is of the kinds that the admin knows; None for all other plugins."""
    if isinstance(plugin, BodyPlugin):
        return plugin.published()
    if isinstance(plugin, CallToActionPlugin):
        return Call(plugin.cta.key)  # one that was deleted shows nothing
    if plugin.plugin_type == TEXT and not plugin.child_plugin_instances:
        return Text(html)
    return None
