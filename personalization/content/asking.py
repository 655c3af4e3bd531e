"""Which requests asked for a decision: their pages depend on the visitor, and no page cache may keep them."""

from functools import cache

from django.http import HttpRequest


def mark_asked(request: HttpRequest) -> None:
    """Note that this request's page depends on its visitor, so that Django's cache middlewares do not store it.

    Those set ``_cache_update_cache`` when they find nothing stored, the one of `cache_page` perhaps after a middleware
    has already asked. So the attribute is made to stay as it is.
    """
    request = django_request(request)
    if not has_asked(request):
        request._attune_asked = True  # type: ignore[attr-defined]  # a mark of ours, read by has_asked
        request.__class__ = _never_stored(type(request))  # type: ignore[arg-type]  # mypy doubts that classes hash


def has_asked(request: HttpRequest) -> bool:
    """Say whether a decision was asked for while this request was under way."""
    return getattr(request, "_attune_asked", False)


def django_request(request: HttpRequest) -> HttpRequest:
    """The request that Django's middlewares see: REST framework wraps it in one of its own."""
    inner = getattr(request, "_request", None)
    return inner if isinstance(inner, HttpRequest) else request


@cache
def _never_stored(kind: type[HttpRequest]) -> type[HttpRequest]:
    """A request's class whose attribute says no, whatever it is set to."""
    fixed = property(lambda request: False, lambda request, value: None)
    return type(kind.__name__, (kind,), {"_cache_update_cache": fixed})
