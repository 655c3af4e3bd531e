"""The two caches of django CMS: no placeholder that asked is kept, and a page that asked is kept by its key only.

A placeholder found in the cache asks nothing, so nobody would know any more what its page depends on: the page's own
cache, and those outside, would take it for the same for all. Which plugins a placeholder holds says little about that
(an alias shows another placeholder, any plugin's template may have a tag of ours); so what counts is what was asked
while it was made.
"""

from __future__ import annotations

import logging
from typing import Any, Final

import cms
from cms import page_rendering, plugin_rendering, views
from cms.cache.page import get_page_cache, set_page_cache
from cms.cache.placeholder import set_placeholder_cache
from cms.plugin_rendering import ContentRenderer
from cms.toolbar.utils import get_toolbar_from_request
from cms.utils.conf import get_cms_setting
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

from personalization.content.previewing.preview import is_preview
from personalization.content.serving.asking import Asked, asked_of, listening
from personalization.content.serving.learned import LearnedPages, pages_for
from personalization.content.serving.page_key import KEY_HEADER, KEY_META, key_of
from personalization.middleware import expected_key, is_behind_edge, is_storable, other_headers, shows_messages

logger = logging.getLogger("personalization.djangocms")

_PARTS: Final = "_attune_placeholders"

_pages = LearnedPages()
_render_placeholder = ContentRenderer.render_placeholder


def take_place() -> None:
    """Have the CMS ask these functions where it asks its own; called once the app is ready."""
    for place, name, ours in (
        (ContentRenderer, "render_placeholder", _render_listening),
        (plugin_rendering, "set_placeholder_cache", keep_placeholder),
        (views, "get_page_cache", find_page),
        (page_rendering, "set_page_cache", keep_page),
    ):
        if not hasattr(place, name):
            raise ImproperlyConfigured(
                f"django CMS {cms.__version__} keeps pages in another way than personalization.djangocms knows: they "
                "could be handed to the wrong visitors. Use another release of one of them."
            )
        setattr(place, name, ours)


def keep_placeholder(placeholder: Any, lang: str, site_id: int, content: Any, request: HttpRequest) -> None:
    """Keep a placeholder that is the same for all."""
    parts: list[Asked] = getattr(request, _PARTS, [])
    if parts and not parts[-1].is_anything:
        set_placeholder_cache(placeholder, lang, site_id, content, request)


def find_page(request: HttpRequest) -> Any:
    """Find the version of the page that this visitor gets, as far as that was learned, or the one for all."""
    if is_preview(request):
        return None
    near = (pages_for(request) or _pages).about(request)
    ways = near.ways
    key = None if ways is None or ways.is_split else expected_key(request, ways)
    request.META.pop(KEY_META, None)
    if key is not None:
        request.META[KEY_META] = key
    found = get_page_cache(request)
    if found is not None and key is not None:
        near.hits += 1
    return found


def keep_page(response: Any) -> HttpResponseBase:
    """Keep a page that asked nothing as the CMS does; one that asked under the key of its answers, or not at all."""
    request: HttpRequest = response._request
    asked = asked_of(request)
    if not asked.is_anything:
        request.META.pop(KEY_META, None)
        kept: HttpResponseBase = set_page_cache(response)
        return kept
    if not _may_be_kept(request, response, asked):
        add_never_cache_headers(response)
        return response  # type: ignore[no-any-return]  # as it came
    ways = (pages_for(request) or _pages).learn(request, asked, other_headers(response))
    if ways is None or asked.version is None:
        add_never_cache_headers(response)
        return response  # type: ignore[no-any-return]
    request.META[KEY_META] = key_of(asked.answers, version=asked.version, token=ways.token)
    return set_page_cache(response)  # type: ignore[no-any-return]


def _may_be_kept(request: HttpRequest, response: Any, asked: Asked) -> bool:
    """Whether the answers tell the page apart, and the CMS will, too: plugins that it rendered tell it of the key."""
    return (
        _is_kept_by_cms(request)
        and is_behind_edge(request)
        and bool(asked.answers)
        and asked.is_told
        and is_storable(response)
        and not shows_messages(request)
        and _is_told_by_plugins(request)
    )


def _is_kept_by_cms(request: HttpRequest) -> bool:
    """Whether the CMS keeps pages for this visitor, as `set_page_cache` has it: of all others nothing is learned."""
    toolbar = get_toolbar_from_request(request)
    is_known: bool = request.user.is_authenticated
    return not is_known and not toolbar._cache_disabled and bool(get_cms_setting("PAGE_CACHE"))


def _is_told_by_plugins(request: HttpRequest) -> bool:
    renderer = get_toolbar_from_request(request).content_renderer
    return any(
        KEY_HEADER.lower() in placeholder.get_vary_cache_on(request)
        for placeholder in renderer.get_rendered_placeholders()
    )


def _render_listening(self: Any, *args: Any, **kwargs: Any) -> Any:
    """Render a placeholder, and listen to what it asks."""
    parts: list[Asked] = self.request.__dict__.setdefault(_PARTS, [])
    with listening() as asked:
        parts.append(asked)
        try:
            return _render_placeholder(self, *args, **kwargs)
        finally:
            parts.pop()
