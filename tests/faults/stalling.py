"""An app whose rules take forever to be read: a worker that has it installed stops in the middle of judging.

It has claimed its visitors by then and has stored nothing. It names the moment by making the file FAULTS_STALL_AT.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

from django.apps import AppConfig

CONFIGURED_BY = "FAULTS_STALL_AT"


def stall() -> list[tuple[str, Any]]:
    """Say that the moment has come, and wait to be killed."""
    Path(os.environ[CONFIGURED_BY]).touch()
    threading.Event().wait(120)
    return []


class StallingConfig(AppConfig):
    name = "tests.faults"
    label = "faults_stalling"

    def ready(self) -> None:
        from personalization.segments.sources import register

        register("stalling", stall)
