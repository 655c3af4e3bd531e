"""Browsers with consent cookies, and what they send to the collector."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Sum
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from consent import cookies
from consent.purposes import PURPOSES, policy_version
from tests.tracking.samples import BOTH, event_id
from tracking.models import RefusedEvents

DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@dataclass
class Sender:
    """A browser: its cookies, and how it posts to the collector."""

    visitor_id: UUID = field(default_factory=uuid4)
    purposes: int = BOTH
    given_at: datetime = field(default_factory=lambda: timezone.now() - timedelta(hours=1))
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))
    consents: bool = True

    def cookies(self) -> dict[str, str]:
        """What the grant set."""
        if not self.consents:
            return {}
        choices = {purpose.code: bool(self.purposes & purpose.bit) for purpose in PURPOSES}
        visitor_id = self.visitor_id if self.purposes else None
        proof = cookies.encode_proof(choices, policy=policy_version(), given_at=self.given_at, visitor_id=visitor_id)
        jar = {cookies.PROOF: proof}
        if visitor_id is not None:
            jar[cookies.VISITOR] = cookies.encode_visitor(visitor_id)
        return jar

    def post(self, body: bytes | str, *, content_type: str = "application/json", **headers: str) -> Any:
        """Post a body as it is."""
        for name, value in self.cookies().items():
            self.client.cookies[name] = value
        sent = {"sec-fetch-site": "same-origin", "user-agent": DESKTOP} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return self.client.post("/collect/", body, content_type=content_type, headers=sent)

    def send(self, *events: Any, **envelope: Any) -> Any:
        """Post events in a batch."""
        return self.post(json.dumps({"events": list(events), **envelope}))

    def request(self, path: str = "/checkout/?token=1", **headers: str) -> HttpRequest:
        """A request of the same browser for a page."""
        request = RequestFactory().get(path, headers={"user-agent": DESKTOP} | headers)
        request.COOKIES.update(self.cookies())
        return request


def wire(name: str = "view_item", /, *, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
    """An event as it travels."""
    at = timezone.now() if at is None else at
    return {
        "id": str(event_id(at)),
        "name": name,
        "occurred_at": at.isoformat(),
        "page": {"url": "https://shop.example/shop/a/", "title": "A", "referrer": "https://news.example/x?y=z"},
        "properties": {"item_id": "A13", "item_category": "trousers", "price": 48.0},
        **fields,
    }


def reasons(response: Any) -> list[str]:
    """Why events of an answer were rejected."""
    return [one["reason"] for one in response.json()["rejected"]]


def refused_counts() -> Mapping[str, int]:
    """What is counted as refused, on whichever days."""
    return dict(RefusedEvents.objects.values_list("reason").annotate(Sum("count")))
