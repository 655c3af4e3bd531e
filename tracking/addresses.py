"""Page addresses, cut down to what may be kept: they carry tokens, names and e-mail addresses."""

from collections.abc import Collection
from urllib.parse import unquote_plus, urlsplit

MAX_LENGTH = 2000


def page_address(url: str, keep: Collection[str]) -> str:
    """Return scheme, host, path and the query parameters named in `keep`; an empty text for what is no page address.

    >>> page_address("https://me:secret@Shop.example:8443/a?token=1&utm_id=7&q=red+coat#top", {"utm_id", "q"})
    'https://shop.example:8443/a?utm_id=7&q=red+coat'
    >>> page_address("javascript:alert(1)", ())
    ''
    >>> page_address("/magazine/?page=2", ())
    '/magazine/'
    """
    try:
        scheme, netloc, path, query, _ = urlsplit(url)
    except ValueError:
        return ""
    if scheme not in ("http", "https", "") or (scheme and not netloc) or (not netloc and not path.startswith("/")):
        return ""
    host = netloc.rpartition("@")[2].lower()
    address = f"{scheme}://{host}{path}" if scheme else f"//{host}{path}" if host else path
    if query:
        kept = "&".join(part for part in query.split("&") if unquote_plus(part.partition("=")[0]) in keep)
        if kept and len(address) + 1 + len(kept) <= MAX_LENGTH:
            return f"{address}?{kept}"
    return address[:MAX_LENGTH]


def referrer_address(url: str) -> str:
    """Return scheme, host and path of where a visitor came from.

    >>> referrer_address("https://search.example/find?q=my+name")
    'https://search.example/find'
    """
    return page_address(url, ())
