"""Places in the frame of every page for what a CMS puts there; without one they stay empty: ``{% load frame %}``."""

from django.template import Library

register = Library()


@register.simple_tag
def collected(kind: str) -> str:
    """Styles and scripts that a page's plugins ask for."""
    return ""


@register.simple_tag
def toolbar() -> str:
    """The bar of who edits pages."""
    return ""
