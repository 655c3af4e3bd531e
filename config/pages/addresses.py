"""Where visitors find the page that is shown or edited, and in which languages."""

from typing import Any

from cms.toolbar.utils import get_toolbar_from_request
from cms.views import details
from django.http import HttpRequest


def public_address(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what `alternatives` should know.

    That is the languages in which a page of the CMS is published, and the address of one that is edited or previewed
    under another.
    """
    match = request.resolver_match
    if match is None:
        return {}
    if match.func is details:
        page = getattr(request, "current_page", None)  # none, where there is no such page
        contents = page.page_content_cache if page else {}
        return {"page_languages": [code for code, content in contents.items() if content]}
    if "admin" not in match.namespaces:
        return {}
    edited = get_toolbar_from_request(request).get_object()
    address = getattr(edited, "get_absolute_url", lambda: None)()
    return {"canonical": address} if address else {}
