"""What is compiled from the published configuration, once a version in each process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Compiled = TypeVar("Compiled")


class PerVersion(Generic[Compiled]):
    """Compiles at the first call for a version and keeps that until the version has moved.

    The version was read before the rows are, so what is compiled is never older than its number says. If a compilation
    fails, the next call tries again.

    >>> compiled = PerVersion(lambda version: [version])
    >>> compiled(1) is compiled(1), compiled(2)
    (True, [2])
    >>> compiled.kept(1), compiled.kept(2), compiled.latest
    (None, [2], [2])
    """

    def __init__(self, compile_version: Callable[[int], Compiled]) -> None:
        self._compile = compile_version
        self._lock = threading.Lock()
        self._current: tuple[int, Compiled] | None = None

    def __call__(self, version: int) -> Compiled:
        """Return what the configuration of this version compiles to."""
        current = self._current
        if current is None or current[0] != version:
            with self._lock:
                current = self._current
                if current is None or current[0] != version:
                    current = self._current = version, self._compile(version)
        return current[1]

    def kept(self, version: int) -> Compiled | None:
        """Return what this version compiled to, if that is still here; this reads nothing."""
        current = self._current
        return current[1] if current is not None and current[0] == version else None

    @property
    def latest(self) -> Compiled | None:
        """What was compiled last, of whatever version: for when no newer one can be read."""
        current = self._current
        return current[1] if current is not None else None
