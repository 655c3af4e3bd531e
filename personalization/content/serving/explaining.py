"""Why blocks show what they show, as JSON for developers: while debugging, else for staff who may see blocks."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from personalization.content.services import decide_all
from personalization.content.serving.page_context import InvalidPage, PageContext, on_page
from personalization.content.serving.wire import MOST_KEYS


@never_cache
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """`GET /personalization/decisions/?keys=a,b`: what these blocks show to who asks, and why, on the page `page`.

    Raises:
        PermissionDenied: to whom the site does not explain itself.
    """
    if not may_be_told(request):
        raise PermissionDenied("Explanations are for staff who may see blocks.")
    keys = list(dict.fromkeys(filter(None, request.GET.get("keys", "").split(","))))
    if not 0 < len(keys) <= MOST_KEYS:
        return JsonResponse({"error": f"Give “keys”: 1 to {MOST_KEYS} names of blocks."}, status=400)
    try:
        page = PageContext.read(
            page=request.GET.get("page", ""),
            referrer=request.GET.get("referrer", ""),
            language=request.GET.get("language", ""),
        )
    except InvalidPage as error:
        return JsonResponse({"error": str(error)}, status=400)
    with on_page(request, page):
        decided = decide_all(request, keys, explain=True)
    return JsonResponse({"decisions": [decision.to_json() for decision in decided.values()]})


def may_be_told(request: HttpRequest) -> bool:
    """Whether the site explains its decisions to who asks."""
    if settings.DEBUG:
        return True
    user = getattr(request, "user", None)
    return bool(user and user.is_active and user.is_staff and user.has_perm("attune_content.view_block"))
