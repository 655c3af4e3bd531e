"""Visitors of a real site, over HTTP and without a browser: what they agreed to, what they send, what they see."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from tests.services.waiting import PATIENCE
from tests.tracking.senders import DESKTOP, Sender, wire

_SHOWN = re.compile(
    r'<div class="attune-block" data-attune-block="hero" data-attune-variant="([^"]*)">(.*?)</div>', re.S
)


@dataclass(frozen=True)
class Answer:
    """What came back; status 0: nothing did, the connection broke."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def hero(self) -> str:
        """The text that the block shows."""
        found = _SHOWN.search(self.body)
        assert found, self.body[:2000]
        return re.sub(r"<[^>]*>", "", found[2]).strip()


@dataclass
class Visitor:
    """One visitor of the site at `url`, who agreed to everything; each request has a connection of its own."""

    url: str
    visitor_id: UUID = field(default_factory=uuid4)
    jar: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.jar = self.jar or Sender(visitor_id=self.visitor_id).cookies()

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request; the cookies of the answer are kept."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE)
        sent = {
            "User-Agent": DESKTOP,
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/json",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items()),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            for cookie in response.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self.jar[name] = value.strip('"')
            found = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, found, response.read().decode(errors="replace"))
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            connection.close()

    def page(self) -> Answer:
        return self.ask("GET", "/")

    def send(self, *events: Mapping[str, Any]) -> Answer:
        return self.ask("POST", "/collect/", json.dumps({"events": events}).encode())

    def choose(self, **choices: bool) -> Answer:
        return self.ask("POST", "/consent/", json.dumps({"choices": choices}).encode())


def view(number: int = 0) -> dict[str, Any]:
    """The view of an item, as it travels."""
    return wire(properties={"item_id": f"B{number}", "item_category": "boots"})
