"""The broker of files: a reader never meets a message that is not whole."""

from __future__ import annotations

import threading
from pathlib import Path
from queue import Empty
from typing import Any

from kombu import Connection

from tests.services.waiting import PATIENCE

MESSAGES = 2000


def connect(folder: Path) -> Connection:
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.0005,
    }
    return Connection(
        "filesystem://localhost/", transport="personalization.broker:Transport", transport_options=options
    )


def test_transport__read_while_written__every_message_arrives_whole_and_once(tmp_path: Path) -> None:
    with connect(tmp_path) as reading, reading.SimpleQueue("tasks") as queue:

        def publish() -> None:
            with connect(tmp_path) as writing, writing.SimpleQueue("tasks") as tasks:
                for number in range(MESSAGES):
                    tasks.put({"number": number, "filling": "x" * 4000})

        publisher = threading.Thread(target=publish)
        publisher.start()
        numbers: list[int] = []
        while len(numbers) < MESSAGES:
            try:
                message = queue.get(timeout=PATIENCE)
            except Empty:
                break
            numbers.append(message.payload["number"])
            message.ack()
        publisher.join()
    assert numbers == list(range(MESSAGES))
    assert [file.name for file in tmp_path.iterdir()] == ["control"]


def test_binding__many_at_once__none_is_lost(tmp_path: Path) -> None:
    def bind(number: int) -> None:
        with connect(tmp_path) as connection, connection.channel() as opened:
            channel: Any = opened
            channel._queue_bind("tasks", f"key-{number}", "", f"queue-{number}")

    threads = [threading.Thread(target=bind, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connect(tmp_path) as connection, connection.channel() as opened:
        channel: Any = opened
        assert {entry.queue for entry in channel.get_table("tasks")} == {f"queue-{number}" for number in range(16)}
