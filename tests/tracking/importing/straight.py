"""The truth about the public data sets, counted straight from the files: no Django, no rule, no import."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple


class Clothing(NamedTuple):
    """UCI 553. Every session is its own visitor there."""

    clicks: int
    sessions: int
    ten_or_more_views: int
    three_or_more_in_one_category: int
    one_view: int


def count_clothing(data_dir: Path) -> Clothing:
    """Count over `eshop_clothing_2008.csv.gz`."""
    views: Counter[str] = Counter()
    in_category: Counter[tuple[str, str]] = Counter()
    with gzip.open(data_dir / "eshop_clothing" / "eshop_clothing_2008.csv.gz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            views[row["session_id"]] += 1
            in_category[row["session_id"], row["main_category"]] += 1
    return Clothing(
        clicks=views.total(),
        sessions=len(views),
        ten_or_more_views=sum(count >= 10 for count in views.values()),
        three_or_more_in_one_category=len({session for (session, _), count in in_category.items() if count >= 3}),
        one_view=sum(count == 1 for count in views.values()),
    )


class Multi(NamedTuple):
    """REES46. Of rows in one second, the one that stands first in the file came first."""

    rows: int
    cut_off: int
    repeated: int
    visitors: int
    cart_abandoners: int
    buyers: int


def count_multi(data_dir: Path, *, left_for: timedelta = timedelta(minutes=15)) -> Multi:
    """Count over `2019-Oct-head.csv.gz`, as of its last event."""
    users: dict[str, list[tuple[str, str]]] = defaultdict(list)
    seen: set[tuple[str, ...]] = set()
    rows = cut_off = repeated = 0
    with gzip.open(data_dir / "rees46_sample" / "2019-Oct-head.csv.gz", "rt", newline="") as file:
        for row in csv.reader(file):
            rows += 1
            if len(row) != 9:
                cut_off += 1
            elif row[0] != "event_time":
                repeated += tuple(row) in seen
                seen.add(tuple(row))
                users[row[7]].append((row[0], row[1]))
    last = max(time for events in users.values() for time, _ in events)
    abandoners = 0
    for events in users.values():
        events.sort(key=lambda event: event[0])
        types = [kind for _, kind in events]
        if "cart" in types:
            cart = len(types) - 1 - types[::-1].index("cart")
            abandoners += "purchase" not in types[cart:] and _time(last) - _time(events[cart][0]) >= left_for
    return Multi(
        rows=rows - 1,
        cut_off=cut_off,
        repeated=repeated,
        visitors=len(users),
        cart_abandoners=abandoners,
        buyers=sum(any(kind == "purchase" for _, kind in events) for events in users.values()),
    )


def _time(text: str) -> datetime:
    return datetime.strptime(text.replace("UTC", "+0000"), "%Y-%m-%d %H:%M:%S %z")
