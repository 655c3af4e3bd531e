"""Blocks after their page that are not the admin's: who may see them, and what renders them."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.http import HttpRequest

from personalization.content.serving import mishaps
from personalization.content.sources import Renderer, RendererOf, renderers_of

logger = logging.getLogger("personalization.content")


def elsewhere(request: HttpRequest, keys: Iterable[str]) -> dict[str, Renderer | None]:
    """What renders these blocks, as far as their sources say so; None: this visitor is not to know of the block.

    Never raises. Blocks of the admin, which everybody may ask for, are left out.
    """
    return {key: _ask(find, request, key) for key in keys if (find := renderers_of(key)) is not None}


def _ask(renderer_of: RendererOf, request: HttpRequest, key: str) -> Renderer | None:
    try:
        return renderer_of(request, key)
    except Exception:
        mishaps.say_unread(logger, "Could not tell who may see the block %r: nobody does.", key)
        return None
