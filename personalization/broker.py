"""The broker that needs no service, to try things out with: messages are files in a folder.

Kombu's own file-system transport makes a message visible before it is written, and binds a queue by emptying the
file that publishers read; a worker that looks at the wrong moment reads nothing and ends. Here both appear whole, by
renaming.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from pathlib import Path
from time import time_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """A channel whose files are never seen half-written."""

    def _put(self, queue: str, payload: dict[str, Any], **_options: Any) -> None:  # type: ignore[override]  # as kombu does
        # The reader takes the names in their order, and only those that end in `.<queue>.msg`.
        name = f"{time_ns():020}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, payload)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self.control_folder.mkdir(exist_ok=True)
        table = self._table(exchange)
        with table.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            bound = self.get_table(exchange)
            if binding not in bound:
                _write(table, [binding, *bound])

    def get_table(self, exchange: str) -> list[filesystem.exchange_queue_t]:  # type: ignore[override]  # as kombu does
        """The queues that are bound to an exchange."""
        try:
            written = self._table(exchange).read_bytes()
        except FileNotFoundError:
            return []
        return [filesystem.exchange_queue_t(*binding) for binding in loads(bytes_to_str(written))]

    def _table(self, exchange: str) -> Path:
        file: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]  # the stubs leave it out
        return file


class Transport(filesystem.Transport):
    """Kombu's file-system transport with this channel."""

    Channel = Channel


def _write(file: Path, content: object) -> None:
    """Let `file` appear, or change, as a whole."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.{uuid.uuid4()}.unfinished")
    unfinished.write_bytes(str_to_bytes(dumps(content)))
    unfinished.replace(file)
