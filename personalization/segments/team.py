"""Who looks at the live site as one of its own staff: told by a marker in the browser first, then by the session.

To ask for the user opens the session, and ends the caching of the page. So nobody is asked who has no marker. It
says nothing that counts: who makes one up is asked who they are, and no more.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import LazyObject, empty

TEAM: Final = "attune_team"
"""The readable cookie that staff get with the first page that asks who they are, such as any of the admin."""


def is_marked(request: HttpRequest) -> bool:
    """Whether this may be one of the staff, which only the session knows."""
    return TEAM in request.COOKIES


def is_team(request: HttpRequest) -> bool:
    """Whether this is one of the staff, logged in. Costs a look at the cookies for all others."""
    return is_marked(request) and _is_staff(getattr(request, "user", None))


def mark_team(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Set or delete the marker, where the page has asked who is there anyway; say whether that was done."""
    user = _asked_user(request)
    if user is None or _is_staff(user) == is_marked(request):
        return False
    if is_marked(request):
        response.delete_cookie(TEAM, samesite="Lax")
    else:
        response.set_cookie(TEAM, "1", secure=request.is_secure(), samesite="Lax")
    return True


def _asked_user(request: HttpRequest) -> Any:
    """The user, if this request has asked for it; nothing is looked up."""
    user = request.__dict__.get("user")
    return None if isinstance(user, LazyObject) and user.__dict__.get("_wrapped", empty) is empty else user


def _is_staff(user: Any) -> bool:
    return bool(user is not None and user.is_active and user.is_staff)
