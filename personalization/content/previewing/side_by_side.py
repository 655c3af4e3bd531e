"""All variants of a block on their page, each in a frame as on a phone, and in one as on a computer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from personalization.content.previewing.forms import in_language
from personalization.content.previewing.preview import OWN, Preview
from personalization.segments.assumed import Assumed


def address_of(
    request: HttpRequest,
    chosen: Mapping[str, str],
    url: str,
    languages: Set[str] = frozenset(),
    *,
    drafts: bool = False,
) -> str:
    """Where these variants are shown to whoever looks, in a language that they are for.

    Args:
        request: of the editor for whom it opens.
        chosen: a block's key → the id of its variant, or `preview.DEFAULT`; the first is what is looked at.
        url: the page.
        languages: those that are meant; none is all.
        drafts: drafts that wait are shown as if they were published.
    """
    # The site's own, where that is among them.
    language = "" if not languages or settings.LANGUAGE_CODE in languages else min(languages)
    preview = Preview(
        Assumed(language=language), timezone.now() + OWN, str(request.user.pk), chosen=chosen, drafts=drafts
    )
    return preview.address(in_language(url, language))


def side_by_side(
    request: HttpRequest, name: str, columns: Iterable[tuple[str, str]], context: Mapping[str, Any]
) -> TemplateResponse:
    """The page with a column for each variant: what it is called, and where it is shown.

    Args:
        request: the request under way.
        name: the block's.
        columns: in the block's order.
        context: the admin's, with `opts`, `list_url`, `block_url`, and `form` where an editor says which page it is.
    """
    said = {"title": _("All variants of “%(block)s”") % {"block": name}, "name": name, "columns": list(columns)}
    return TemplateResponse(request, "admin/attune_content/side_by_side.html", {**context, **said})
