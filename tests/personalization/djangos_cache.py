"""Django's own `cache` tag, as it is where Attune does not take its place."""

from __future__ import annotations

from django.template import Library
from django.templatetags.cache import do_cache

register = Library()
register.tag("cache", do_cache)
