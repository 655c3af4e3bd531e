"""What is learned of pages, in a process where several threads learn at once."""

from __future__ import annotations

import threading

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from personalization.content.serving import learned

pytestmark = pytest.mark.once


def test_learned_pages__threads_at_once__what_they_share_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    pages_of = learned.LearnedPages()
    requests = [RequestFactory().get(f"/{number % 7}/") for number in range(200)]
    wrong: list[Exception] = []

    def ask(part: list[HttpRequest]) -> None:
        try:
            for request in part:
                pages_of.about(request).hits += 1
        except Exception as error:
            wrong.append(error)

    monkeypatch.setattr(learned, "NEAR_SIZE", 3)
    threads = [threading.Thread(target=ask, args=(requests,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
