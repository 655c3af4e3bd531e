"""The reader of events at its bounds: the times of ids and events, the sender's clock, the addresses of pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.tracking.samples import NOW, event_id
from tracking.addresses import page_address, referrer_address
from tracking.errors import InvalidEvent
from tracking.event_types import BUILTIN
from tracking.wire import Reader

MILLISECOND = timedelta(milliseconds=1)
RETENTION = timedelta(days=400)


def _reader(**options: Any) -> Reader:
    return Reader(BUILTIN, now=NOW, retention=RETENTION, keep_parameters=["q", "utm_source"], **options)


@pytest.mark.parametrize(
    ("offset", "taken"),
    [
        (timedelta(hours=24), True),
        (timedelta(hours=24) + MILLISECOND, False),
        (-RETENTION, True),
        (-RETENTION - MILLISECOND, False),
    ],
)
def test_check_id__time_at_its_bounds__decides(offset: timedelta, taken: bool) -> None:
    reader, ident = _reader(), event_id(NOW + offset)
    if taken:
        reader.check_id(ident)
    else:
        with pytest.raises(InvalidEvent):
            reader.check_id(ident)


@pytest.mark.parametrize(
    ("clock", "corrected"),
    [
        (timedelta(0), timedelta(minutes=-5)),
        (timedelta(seconds=-2), timedelta(minutes=-5)),
        (timedelta(seconds=-3), timedelta(minutes=-5, seconds=3)),
        (timedelta(hours=2), timedelta(hours=-2, minutes=-5)),
        (timedelta(days=-1), timedelta(0)),
    ],
)
def test_corrected__senders_clock_against_ours__moves_times_once_it_is_off(
    clock: timedelta, corrected: timedelta
) -> None:
    assert _reader(sent_at=NOW + clock).corrected(NOW - timedelta(minutes=5)) == NOW + corrected


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (
            "https://shop.example/a/?token=1&q=red&utm_source=x&q=blue#top",
            "https://shop.example/a/?q=red&utm_source=x&q=blue",
        ),
        ("https://me:secret@shop.example/a", "https://shop.example/a"),
        ("https://me@you:x@Shop.Example/a", "https://shop.example/a"),
        ("//me:secret@shop.example/a", "//shop.example/a"),
        ("http://shop.example:99999/a", "http://shop.example:99999/a"),
        ("http://[::1]:8000/a?Q=1", "http://[::1]:8000/a"),
        ("http://[::1/a", ""),
        ("/a?q=1&token=2", "/a?q=1"),
        ("shop/a", ""),
        ("mailto:me@shop.example", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,me", ""),
        ("file:///a", ""),
        ("blob:https://shop.example/1", ""),
        ("https:/me:secret@shop.example", ""),
        ("https://shop.example/?q=" + "a" * 2000, "https://shop.example/"),
        ("https://shop.example/" + "a" * 2000, "https://shop.example/" + "a" * 1979),
    ],
)
def test_page_address__any_address__keeps_host_path_and_listed_parameters(address: str, kept: str) -> None:
    assert page_address(address, {"q", "utm_source"}) == kept


def test_referrer_address__with_parameters__keeps_none_of_them() -> None:
    assert referrer_address("https://me:secret@search.example/find?q=my+name#x") == "https://search.example/find"
