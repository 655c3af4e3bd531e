"""Visitors who look around at the same time, from one thread and one core, so that asking costs the server nothing."""

from __future__ import annotations

import heapq
import os
import random
import re
import selectors
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_PATIENCE: Final = 30


class Visitor:
    """One of them, with a connection that stays open."""

    def __init__(self, port: int, path: str, cookies: str, seed: str) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Whoever waits for both pages of a pair has the same seed, and so comes at the same moments.
        self.source = random.Random(seed)
        head = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "User-Agent: Mozilla/5.0 Firefox/140.0"]
        self._question = "\r\n".join([*head, *([f"Cookie: {cookies}"] if cookies else []), "", ""]).encode()
        self._answer = b""
        self._asked_at = 0.0

    def ask(self) -> None:
        """Ask for the page."""
        self._answer = b""
        self._asked_at = time.perf_counter()
        self.connection.sendall(self._question)

    def read(self) -> float | None:
        """Take what has come; the milliseconds that it took once that is all."""
        self._answer += (more := self.connection.recv(65_536))
        head, blank, body = self._answer.partition(b"\r\n\r\n")
        if more and not blank:
            return None
        length = _LENGTH.search(head + b"\r\n")
        if not more or not length or b" 200 " not in head.partition(b"\r\n")[0]:
            raise SystemExit(f"A request failed: {self._answer[:300]!r}")
        return None if len(body) < int(length[1]) else (time.perf_counter() - self._asked_at) * 1000


def look_around(port: int, path: str, jars: Sequence[str], *, seconds: float, seed: str) -> list[float]:
    """Let one visitor for each cookie header ask, read for 0.2 to 1 second, and ask again; the milliseconds of each.

    The first answer of each, which opens the connection, is not counted.
    """
    taken: list[float] = []
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        due: list[tuple[float, int]] = []
        visitors = [Visitor(port, path, cookies, f"{seed} {number}") for number, cookies in enumerate(jars)]
        for number, visitor in enumerate(visitors):
            stack.enter_context(visitor.connection)
            selector.register(visitor.connection, selectors.EVENT_READ, (number, visitor))
            visitor.ask()
            while visitor.read() is None:
                pass
        begun = time.monotonic()
        for number, visitor in enumerate(visitors):
            heapq.heappush(due, (begun + visitor.source.uniform(0, 1), number))
        end, waiting = begun + seconds, 0
        while waiting or due:
            now = time.monotonic()
            while due and due[0][0] <= now:
                visitors[heapq.heappop(due)[1]].ask()
                waiting += 1
            answers = selector.select(max(0.0, due[0][0] - time.monotonic()) if due else _PATIENCE)
            if not answers and not due:
                raise SystemExit(f"{waiting} requests were not answered.")
            for key, _ in answers:
                number, visitor = key.data
                if (spent := visitor.read()) is not None:
                    taken.append(spent)
                    waiting -= 1
                    if (again := time.monotonic() + visitor.source.uniform(0.2, 1)) < end:
                        heapq.heappush(due, (again, number))
    return taken


def keep_to(cores: set[int]) -> None:
    """Run this process, and what it starts from here on, on these cores, where the system lets one say so."""
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)


def split_cores() -> tuple[set[int], set[int]]:
    """The cores for the servers, and one for the visitors: the same ones, where there is but one."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    cores = sorted(os.sched_getaffinity(0))
    return set(cores[:-1] or cores), {cores[-1]}


def cpu_seconds(pid: int) -> float:
    """What a process and its children have spent, where Linux says so; else 0."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK") + sum(cpu_seconds(int(child)) for child in children)
