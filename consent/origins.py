"""Which pages may post to us. Cacheable pages carry no CSRF token, so the browser's word on the origin decides."""

from urllib.parse import urlsplit

from django.http import HttpRequest

from consent.conf import settings

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_allowed(request: HttpRequest) -> bool:
    """Whether the page that sent this belongs to the site, or to a host in CONSENT_ALLOWED_ORIGINS.

    `Sec-Fetch-Site: same-origin` settles it. Else the host (and port) of `Origin` must be the request's own or allowed;
    schemes are not compared, because behind a proxy that ends TLS they differ. `Origin: null` says nothing, and with
    nothing said the answer is no.
    """
    if request.META.get("HTTP_SEC_FETCH_SITE") == "same-origin":
        return True
    origin = _netloc(request.META.get("HTTP_ORIGIN", ""))
    return origin is not None and (
        origin == _own(request) or any(_matches(origin, a) for a in settings.ALLOWED_ORIGINS)
    )


def _netloc(origin: str) -> str | None:
    try:
        parts = urlsplit(origin)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or parts.username is not None:
        return None
    host = f"[{host}]" if ":" in host else host
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _own(request: HttpRequest) -> str:
    host = request.get_host().lower()
    return host.removesuffix(":443" if request.is_secure() else ":80")


def _matches(origin: str, allowed: str) -> bool:
    allowed = allowed.lower()
    if allowed.startswith("."):
        return origin == allowed[1:] or origin.endswith(allowed)
    return origin == allowed
