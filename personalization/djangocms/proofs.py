"""Proof that a page showed a block that is no page's own, such as one in an alias: signed there, believed afterwards.

Nobody can tell which pages show an alias, as templates and plugins of a site may do so. So each page that does says it
itself, in what it holds in the block's place until the block comes. The proof names the page and no visitor, and is the
same for all and for days: a page stays one page to every cache. It replaces no permission: whoever brings it must be
one who may see that page now. Pages that are not the CMS's are told by their own views who may see them, before they
show anything; of those, the proof alone counts, until it is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from cms.models import Page, PageContent
from cms.utils import get_current_site
from cms.utils.page_permissions import user_can_view_page
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from personalization.content.serving.asking import keep_in_page
from personalization.content.serving.page_context import proofs_of

LASTS: Final = timedelta(days=7)
"""So long a proof is believed at least, and twice as long at most: longer than caches keep pages."""
LONGEST: Final = 100
"""Characters of a proof."""

_SALT: Final = "personalization.djangocms.proofs"
_NO_PAGE: Final = "0"
"""In the place of a page's id: a view of the site's own showed it."""


def proof_of(request: HttpRequest, key: str, *, now: datetime) -> str:
    """Prove that the page of this request shows the block of this key. What holds the proof is kept with the page."""
    keep_in_page()
    page = getattr(request, "current_page", None)
    where = str(page.pk) if page else _NO_PAGE
    return f"{where}.{Signer(salt=_SALT).signature(_said(request, key, where, _period(now)))}"


def was_shown(request: HttpRequest, key: str, *, now: datetime) -> bool:
    """Whether a page showed the block of this key that whoever asks may see at this moment."""
    return any(_holds(request, key, proof, now) for proof in proofs_of(request, key) if len(proof) <= LONGEST)


def may_see_page(request: HttpRequest, page: Page) -> bool:
    """As the CMS decides whether to show a page."""
    site = get_current_site(request)
    if page.site_id != site.pk or (page.login_required and not request.user.is_authenticated):
        return False
    return bool(user_can_view_page(request.user, page, site))


def _holds(request: HttpRequest, key: str, proof: str, now: datetime) -> bool:
    where, _, signature = proof.partition(".")
    period = _period(now)
    if not any(_is_signed(_said(request, key, where, one), signature) for one in (period, period - 1)):
        return False
    if where == _NO_PAGE:
        return True
    content = PageContent.objects.filter(page=where).select_related("page").first()  # what visitors may see
    return content is not None and may_see_page(request, content.page)


def _is_signed(said: str, signature: str) -> bool:
    signer: Any = Signer(salt=_SALT)  # takes keys that were used before, too
    try:
        signer.unsign(f"{said}{signer.sep}{signature}")
    except BadSignature:
        return False
    return True


def _said(request: HttpRequest, key: str, where: str, period: int) -> str:
    return f"{key} {get_current_site(request).pk} {where} {period}"


def _period(now: datetime) -> int:
    return int(now.timestamp() // LASTS.total_seconds())
