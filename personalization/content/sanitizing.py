"""What editors may write: the tags of rich text and the addresses of links. Pure."""

import re
from collections.abc import Mapping
from typing import Final

import nh3

LINK_SCHEMES: Final = ("http", "https", "mailto", "tel")

EDITOR_EXTENSIONS: Final[Mapping[str, object]] = {
    "Bold": True,
    "Italic": True,
    "Underline": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": list(LINK_SCHEMES)},
    "HTML": True,
}
"""What the rich text editor offers. The tags below are what it can write, and no more."""

_CLEANER = nh3.Cleaner(
    tags={
        *("p", "br", "hr", "h2", "h3", "h4", "blockquote", "ul", "ol", "li"),
        *("strong", "em", "u", "s", "sub", "sup", "a"),
    },
    attributes={"a": {"href", "title"}, "ol": {"start", "type"}},
    url_schemes=set(LINK_SCHEMES),
    link_rel="noopener noreferrer",
)
_EMPTY_PARAGRAPHS = re.compile(r"(?:<p>(?:\s|&nbsp;|<br>)*</p>|\s)*")
_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*):", re.IGNORECASE)


def clean_rich_text(html: str) -> str:
    """Keep the tags and attributes that an editor may use; what is only empty paragraphs is no text.

    >>> clean_rich_text('<p onclick="x()">Hello <script>alert(1)</script><strong>you</strong></p>')
    '<p>Hello <strong>you</strong></p>'
    >>> clean_rich_text('<a href="javascript:alert(1)">x</a>')
    '<a rel="noopener noreferrer">x</a>'
    >>> clean_rich_text("<p></p>")
    ''
    """
    cleaned = _CLEANER.clean(html.replace("\x00", ""))
    return "" if _EMPTY_PARAGRAPHS.fullmatch(cleaned) else cleaned


def is_safe_link(url: str) -> bool:
    """Say whether a link may stand on a page: http, https, mailto, tel, or a path from the site's root.

    Browsers drop tabs and line breaks from addresses and read a backslash as a slash, so neither may be there.

    >>> [is_safe_link(url) for url in ("/shop/", "https://example.org/a?b#c", "tel:+4930123", "mailto:a@example.org")]
    [True, True, True, True]
    >>> [is_safe_link(url) for url in ("javascript:alert(1)", "//evil.example", "/\\\\evil.example", "shop/", "")]
    [False, False, False, False, False]
    """
    if not url or any(character <= " " or character in '\\"<>\x7f' for character in url):
        return False
    if scheme := _SCHEME.match(url):
        name, rest = scheme["scheme"].lower(), url[scheme.end() :]
        if name in ("http", "https"):
            return rest.startswith("//") and bool(rest[2:].strip("/"))
        return name in LINK_SCHEMES and bool(rest)
    return url.startswith("/") and not url.startswith("//")
