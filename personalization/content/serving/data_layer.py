"""What a tag manager may be told of a visitor: the segments that the site names, if they agreed to both purposes."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from consent.gate import consent_of
from consent.purposes import ANALYTICS, PERSONALIZATION
from personalization.content.conf import conf
from personalization.content.services import in_segment
from personalization.content.serving.page_context import InvalidPage, PageContext, on_page
from personalization.content.serving.wire import Problem, Segments
from personalization.content.views import answer_json, refuse_too_many

SCRIPT: Final = "personalization/content/data-layer.js"
"""The static file that tells."""
PURPOSES: Final = (ANALYTICS.code, PERSONALIZATION.code)
"""Segments are made under the second, and handed to tags that measure, which is the first."""


@transaction.non_atomic_requests
@require_safe
def segments(request: HttpRequest) -> HttpResponse:
    """`GET /personalization/segments/`: in which of the segments that may be told this visitor is."""
    slugs = conf.PERSONALIZATION_DATA_LAYER_SEGMENTS
    if not (conf.PERSONALIZATION_DATA_LAYER and slugs):
        raise Http404
    if (refused := refuse_too_many(request)) is not None:
        return refused
    try:
        page = PageContext.read(page=request.GET.get("page", ""), language=request.GET.get("language", ""))
    except InvalidPage as error:
        return answer_json(Problem(str(error)), 400)
    consent = consent_of(request)
    if not all(consent.allows(purpose) for purpose in PURPOSES):
        return answer_json(Problem("The visitor has not agreed to both purposes."), 403)
    with on_page(request, page):
        return answer_json(Segments([slug for slug in slugs if in_segment(request, slug)]))
