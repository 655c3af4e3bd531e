"""For editors on the live site: what each block of the page shows, why, what came of it, and where it is edited.

Visitors' pages carry nothing of this. Into those of staff, who have a marker in their browser, two files are put on the
way out, behind all caches of the site; what they show is asked for only once somebody switches it on.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from personalization.content import rights
from personalization.content.deciding.blocks import Decision, PublishedVariant
from personalization.content.deciding.reasons import Step
from personalization.content.measuring.measured import MeasuredBlock, measured_blocks
from personalization.content.measuring.results import USUAL, BlockResults, all_results
from personalization.content.measuring.telling import sentence
from personalization.content.services import decide_all
from personalization.content.serving.page_context import InvalidPage, PageContext, is_asked_by_script, on_page
from personalization.content.serving.wire import MOST_KEYS
from personalization.content.sources import desk_of, edit_url
from personalization.rules import Told
from personalization.segments.presence import Presence, presence_of
from personalization.segments.team import is_marked
from tracking.counts import may_see_small_counts

_BLOCK: Final = re.compile(rb"\bdata-attune-(?:block|deferred)=")


def begin_overlay(request: HttpRequest) -> None:
    """Have the page answered so that the files can be put into it: as a whole, and not compressed."""
    if is_marked(request):
        for name in ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
            request.META.pop(name, None)


def put_overlay(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Put the files into a page with blocks on it, for staff; say whether that was done."""
    if not is_marked(request) or not isinstance(response, HttpResponse) or response.status_code != 200:
        return False
    if not response.headers.get("Content-Type", "").startswith("text/html") or "Content-Encoding" in response.headers:
        return False
    content = response.content
    if request.headers.get("Sec-Fetch-Dest") == "iframe" or not _BLOCK.search(content):
        return False
    before, end, after = content.rpartition(b"</body>")
    if not end and is_asked_by_script(request):  # the page that it is put into has them
        return False
    files = render_to_string("personalization/overlay.html").encode(response.charset)
    response.content = before + files + end + after if end else content + files
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))
    return True


@never_cache
@require_safe
def overlay(request: HttpRequest) -> HttpResponse:
    """`GET /personalization/overlay/?keys=a,b&page=/shop/`: all that an editor is told about these blocks.

    `403` to all who are no staff that may see blocks; what came of them for those who may see results.
    """
    user = getattr(request, "user", None)
    if not (user and user.is_active and user.is_staff and user.has_perm("attune_content.view_block")):
        return JsonResponse({"error": "This is for staff who may see blocks."}, status=403)
    keys = list(dict.fromkeys(filter(None, request.GET.get("keys", "").split(","))))[:MOST_KEYS]
    try:
        page = PageContext.read(
            page=request.GET.get("page", ""),
            referrer=request.GET.get("referrer", ""),
            language=request.GET.get("language", ""),
        )
    except InvalidPage as error:
        return JsonResponse({"error": str(error)}, status=400)
    results: dict[str, BlockResults] = {}
    if user.has_perm(rights.RESULTS):
        until = timezone.now()
        results = {one.key: one for one in all_results(since=until - USUAL, until=until, keys=keys)}
    known, exact = measured_blocks(), may_see_small_counts(user)
    with on_page(request, page):
        decided = decide_all(request, keys, explain=True)
        presence = presence_of(request)
    # Not in the page's language, but in that of whoever reads it.
    told = {
        key: _told(one, presence, known.get(key), results.get(key), request.GET.get("page", "/"), exact=exact)
        for key, one in decided.items()
    }
    return JsonResponse({"blocks": told})


def _told(
    decision: Decision,
    presence: Presence,
    block: MeasuredBlock | None,
    results: BlockResults | None,
    page: str,
    *,
    exact: bool,
) -> dict[str, Any]:
    return {
        "name": block.name if block else decision.block,
        "shown": {one.counted_as: _named(one) for one in decision.variants},
        "why": decision.reason.told(_),
        "steps": [{"text": step.told(_), "reasons": _reasons(step, presence)} for step in decision.reason.steps],
        "results": sentence(results, exact=exact) if results else "",
        "links": _links(decision.block, block.pk if block else None, page),
    }


def _reasons(step: Step, presence: Presence) -> list[str]:
    told = (presence.tell(key, reason, _) for key, reason in zip(step.keys, step.reasons, strict=True))
    return [line for one in told for line in _lines(one)]


def _lines(told: Told, level: int = 0) -> list[str]:
    found = f" {_('Found: %(found)s.') % {'found': told.found}}" if told.found else ""
    line = f"{'  ' * level}{'✓' if told.matches else '✗'} {told.text}{found}"
    return [line, *(inner for child in told.children for inner in _lines(child, level + 1))]


def _named(variant: PublishedVariant) -> str:
    return _("%(name)s (on trial)") % {"name": variant.name} if variant.team_only else variant.name


def _links(key: str, pk: int | None, page: str) -> list[dict[str, str]]:
    """Where the block is edited, how all of it looks, and the page as somebody else; the last always."""
    name = "admin:attune_content_block"
    found: dict[str, str] = {}
    try:
        if pk is not None:
            found[_("Edit")] = reverse(f"{name}_change", args=[pk])
            found[_("All variants side by side")] = reverse(f"{name}_side_by_side", args=[pk])
        elif elsewhere := edit_url(key):
            found[_("Edit")] = elsewhere
            if (desk := desk_of(key)) is not None:
                found[_("All variants side by side")] = desk.beside_url(key)
        found[_("Preview as …")] = f"{reverse(f'{name}_preview_as')}?{urlencode({'url': page})}"
    except NoReverseMatch:  # the project has no admin
        return []
    return [{"url": url, "label": label} for label, url in found.items()]
