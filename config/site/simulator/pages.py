"""What a simulated visitor sees of a page: title, item, the blocks that are really on it, and the form to buy."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

ITEM: Final = "data-attune-item-"
# They have no end tag, so nothing lies within them.
VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


class Block:
    """A block on the page: its key, the variant that was shown, and where its first link leads."""

    def __init__(self, key: str, variant: str) -> None:
        self.key = key
        self.variant = variant
        self.link = ""
        self.is_empty = True


class SeenPage(HTMLParser):
    """Reads a page as the tracker script does.

    >>> page = SeenPage('<div data-attune-block="b" data-attune-variant="7"><a href="/x/">Go</a></div><p>and</p>')
    >>> [(block.key, block.variant, block.link) for block in page.blocks]
    [('b', '7', '/x/')]
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title = ""
        self.blocks: list[Block] = []
        self.items: list[dict[str, str]] = []
        self.calls: list[str] = []
        """The calls to action, by their names in templates."""
        self.buy = ""
        """Where the form sends that puts this page's product into the cart; empty where there is none."""
        self.sizes: list[str] = []
        self.token = ""
        """What the page's form proves with that it comes from this page; empty where no form asks for it."""
        self._open: list[Block | None] = []
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self._in_title = tag == "title" and not self.title
        if "data-attune-cta" in said:
            self.calls.append(said["data-attune-cta"])
        if ITEM + "id" in said:
            self.items.append({name[len(ITEM) :]: value for name, value in said.items() if name.startswith(ITEM)})
        if tag == "form" and said.get("action", "").endswith("/add/"):
            self.buy = said["action"]
        if said.get("name") == "csrfmiddlewaretoken":
            self.token = said.get("value", "")
        if tag == "option" and self.buy and said.get("value"):
            self.sizes.append(said["value"])
        if tag == "a" and (around := self._around()) and not around.link:
            around.link = said.get("href", "")
        if tag not in VOID:
            block = None
            if "data-attune-block" in said:
                block = Block(said["data-attune-block"], said.get("data-attune-variant") or "default")
                self.blocks.append(block)
            self._open.append(block)

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag not in VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif data.strip() and (around := self._around()):
            around.is_empty = False

    def _around(self) -> Block | None:
        """The innermost block that is open."""
        return next((block for block in reversed(self._open) if block is not None), None)
