"""Simulates visitors: their history, or traffic at a running shop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from random import Random
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.services import die_with_parent
from config.site.simulator.blocks import read_places
from config.site.simulator.doors import InProcess, OverHttp
from config.site.simulator.live import GUESTS, POSTS_PER_MINUTE, Pace, Traffic, begin_traffic
from config.site.simulator.models import SimulatedRun
from config.site.simulator.sending import NotTaken, begin_history, history_tally, send_history
from config.site.simulator.shop import read_shop
from personalization.segments.receivers import wake_workers
from tracking.signals import events_recorded

VISITORS = 5_000
SEED = 1
SAY_EVERY = 5.0
NICE = 10
WAKING = "attune_segments.wake_workers"


class Command(BaseCommand):
    help = "Simulate what invented visitors did in the last 200 days. Run again, it goes on where it was cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--visitors", type=int, default=VISITORS, help=f"how many (default: {VISITORS:,})")
        parser.add_argument("--seed", type=int, default=SEED, help=f"what makes them who they are (default: {SEED})")
        parser.add_argument("--processes", type=int, default=1, help="how many processes share the work (default: 1)")
        parser.add_argument("--share", default="0/1", help="do one process's share of the work only, such as 0/2")
        parser.add_argument(
            "--live", action="store_true", help="walk through the pages of the shop at --origin instead"
        )
        parser.add_argument("--gently", action="store_true", help="leave the machine to others half of the time")
        parser.add_argument("--origin", default="http://127.0.0.1:8000", help="the shop's address on its pages")

    def execute(self, *args: Any, **options: Any) -> str | None:
        # Asked to end, the process ends in order: the last counts of what was refused are still written.
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            return super().execute(*args, **options)
        finally:
            signal.signal(signal.SIGTERM, before)

    def handle(
        self,
        *args: Any,
        visitors: int,
        seed: int,
        processes: int,
        share: str,
        live: bool,
        gently: bool,
        origin: str,
        **options: Any,
    ) -> None:
        if visitors < 0 or processes < 1:
            raise CommandError("Simulate at least 0 visitors in at least 1 process.")
        if live:
            self.walk(origin)
        part, _, parts = share.partition("/")
        if not (part.isdigit() and parts.isdigit() and int(part) < int(parts)):
            raise CommandError(f"--share is the number of the part and how many there are, such as 0/2, not {share!r}.")
        began = time.monotonic()
        run = begin_history(seed=seed, visitors=visitors, now=timezone.now())
        if processes > 1:
            self.share(processes, [f"--visitors={visitors}", f"--seed={seed}", f"--origin={origin}"], gently)
        else:
            if gently:
                os.nice(NICE)
            self.send(run, range(int(part), visitors, int(parts)), gently, origin)
        if parts == "1":
            self.report(run, time.monotonic() - began)

    def walk(self, origin: str) -> NoReturn:
        """Traffic until somebody stops us."""
        run = begin_traffic(now=timezone.now())
        rng = Random(run.seed)  # noqa: S311  # chance of a simulation, guards nothing
        traffic = Traffic(run, shop=read_shop(), door=OverHttp(origin), rng=rng, pace=Pace(POSTS_PER_MINUTE))
        guests = [threading.Thread(target=traffic.go_on, daemon=True) for _ in range(GUESTS)]
        for guest in guests:
            guest.start()
        for guest in guests:
            guest.join()
        raise CommandError("Nobody comes any more; what went wrong stands above.")

    def share(self, processes: int, options: list[str], gently: bool) -> None:
        """Have processes of their own do a part each."""
        command = [sys.executable, "manage.py", "simulate", *options, *(["--gently"] if gently else [])]
        children = [
            subprocess.Popen(
                [*command, f"--share={number}/{processes}"],
                cwd=settings.BASE_DIR,
                preexec_fn=die_with_parent,  # one prctl call; no lock is taken
            )
            for number in range(processes)
        ]
        if sum(abs(child.wait()) for child in children):
            raise CommandError("A process has failed; what it says stands above. Run the same command again to go on.")

    def send(self, run: SimulatedRun, numbers: range, gently: bool, origin: str) -> None:
        done = 0
        said_at = time.monotonic()

        def progress(finished: int) -> None:
            nonlocal done, said_at
            done += finished
            if time.monotonic() - said_at >= SAY_EVERY:
                said_at = time.monotonic()
                self.stdout.write(f"{done:,} of {len(numbers):,} visitors")
                self.stdout.flush()

        # Messages for every batch would drown a small broker: whoever is due is found by the schedule, as with imports.
        events_recorded.disconnect(dispatch_uid=WAKING)
        try:
            shop, door = read_shop(), InProcess(origin)
            rest = 1.0 if gently else 0.0
            places = read_places(door, shop)
            send_history(run, numbers, shop=shop, door=door, places=places, rest=rest, progress=progress)
        except NotTaken as error:
            raise CommandError(str(error)) from error
        finally:
            events_recorded.connect(wake_workers, dispatch_uid=WAKING)

    def report(self, run: SimulatedRun, seconds: float) -> None:
        tally = history_tally(run)
        lines = [
            f"{tally.sent:,} events sent, {tally.stored:,} taken by the collector, {tally.rejected.total():,} refused"
            + "".join(f", {count:,} as {reason!r}" for reason, count in sorted(tally.rejected.items()))
            + ".",
            f"{tally.visitors:,} simulated visitors have done what they did until {run.until:%Y-%m-%d %H:%M} (UTC);"
            f" this run took {seconds:,.0f} s.",
        ]
        self.stdout.write("\n".join(lines))
