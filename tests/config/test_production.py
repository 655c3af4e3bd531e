"""Production, once for real: the documented commands with production's settings, and a visitor to go through them."""

from __future__ import annotations

import configparser
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from uuid_utils.compat import uuid7

from config.services import free_port
from personalization.profiles.models import Profile, Verdict
from personalization.segments.models import Segment
from tests.architecture import PROJECT
from tests.docs.reading import code_blocks, section
from tests.services.processes import RealProcess
from tests.services.waiting import PATIENCE, eventually

DEPLOY = "docs/how-to/deploy.md"


def units() -> dict[str, list[str]]:
    """The arguments of Python in each unit of the page: web, worker, beat."""
    found = {}
    for block in code_blocks(section(DEPLOY, "systemd"), "ini"):
        head, _, text = block.text.partition("\n")
        unit = configparser.ConfigParser(interpolation=None)
        unit.optionxform = str  # type: ignore[assignment, method-assign]  # as the module's documentation says
        unit.read_string(text)
        assert unit.sections() == ["Unit", "Service", "Install"]
        python, *arguments = unit["Service"]["ExecStart"].split()
        assert python == f"{unit['Service']['WorkingDirectory']}/.venv/bin/python"
        assert unit["Service"]["EnvironmentFile"] == "/etc/shop.env"
        found[Path(head).stem.removeprefix("shop-")] = arguments
    return found


def variables_of_the_page() -> dict[str, str]:
    """The environment's file."""
    (block,) = code_blocks(section(DEPLOY, "The environment"), "ini")
    return dict(line.split("=", 1) for line in block.text.splitlines() if not line.startswith("#"))


def variables_of_the_settings() -> set[str]:
    """Every variable that the settings read."""
    read = "".join((PROJECT / "config" / "settings" / f"{name}.py").read_text() for name in ("base", "production"))
    return {*re.findall(r'(?:text|words|folder)\(\s*"([A-Z_]+)"', read), "DJANGO_SETTINGS_MODULE"}


class UnitProcess(RealProcess):
    """What a unit starts."""

    def __init__(self, folder: Path, environment: dict[str, str], arguments: list[str], ready: Callable[[str], bool]):
        super().__init__(folder, environment)
        self.log = folder / f"{arguments[1]}-{arguments[-1].partition(':')[0]}.log"
        self.arguments = arguments
        self.ready = ready

    def command(self) -> list[str]:
        return [sys.executable, *self.arguments]

    def is_ready(self) -> bool:
        return self.ready(self.output())


class Visitor:
    """A browser behind the proxy that ends TLS."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, body: object = None, **headers: str) -> tuple[int, Message, bytes]:
        request = urllib.request.Request(
            f"{self.address}{path}", data=None if body is None else json.dumps(body).encode()
        )
        told = {
            "Host": "shop.example",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.7",
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Content-Type": "application/json",
            "Sec-Fetch-Site": "same-origin",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        for name, value in (told | headers).items():
            request.add_header(name, value)
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=PATIENCE) as response:
                answer = response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            answer = error.code, error.headers, error.read()
        for cookie in answer[1].get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def wait_until(condition: Callable[[], bool], processes: list[UnitProcess]) -> None:
    eventually(condition, lambda: "\n".join(process.output()[-3000:] for process in processes))


def answers(port: int) -> Callable[[str], bool]:
    def ready(log: str) -> bool:
        try:
            return Visitor(port).ask("/consent/")[0] == 200
        except OSError:
            return False

    return ready


@pytest.fixture
def production(transactional_db: None, services_only: None, tmp_path: Path) -> Iterator[tuple[int, list[UnitProcess]]]:
    """The page's three units on this test's PostgreSQL and Redis; the port of the web server."""
    told = variables_of_the_page()
    # The processes of the tests know the test's own.
    del told["DATABASE_URL"]
    environment = told | {
        "SECRET_KEY": "one-of-the-tests-that-is-long-enough-for-production-settings",
        "REDIS_URL": os.environ["REDIS_URL"],
        "CELERY_BROKER_URL": os.environ["CELERY_BROKER_URL"],
        "STATIC_ROOT": str(tmp_path / "static"),
        "ATTUNE_VAR": str(tmp_path),
    }
    collected = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input"],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert collected.returncode == 0, collected.stderr
    port = free_port()
    commands = units()
    commands["web"][commands["web"].index("8000")] = str(port)
    ready = {
        "web": answers(port),
        "worker": lambda log: " ready." in log,
        "beat": lambda log: PeriodicTask.objects.exists(),
    }
    with ExitStack() as stack:
        yield (
            port,
            [
                stack.enter_context(UnitProcess(tmp_path, environment, arguments, ready[name]))
                for name, arguments in commands.items()
            ],
        )


def test_production__a_visitor_agrees_and_acts__is_judged_by_workers(
    production: tuple[int, list[UnitProcess]],
) -> None:
    port, processes = production
    visitor = Visitor(port)
    status, headers, _body = visitor.ask("/", **{"X-Forwarded-Proto": "http"})
    assert (status, headers["Location"]) == (301, "https://shop.example/")
    assert visitor.ask("/", Host="other.example")[0] == 400

    status, headers, body = visitor.ask("/about/")
    assert status == 200
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    assert visitor.cookies == {}
    scripts = re.findall(r'src="(/static/consent/[^"]+\.js)"', body.decode())
    assert scripts
    status, headers, _body = visitor.ask(scripts[0])
    assert (status, "immutable" in headers["Cache-Control"]) == (200, True)

    status, headers, body = visitor.ask("/consent/", {"choices": {"analytics": True, "personalization": True}})
    assert status == 200, body
    assert visitor.cookies.keys() == {f"__Host-attune_{name}" for name in ("consent", "consent_proof", "visitor")}
    assert all("; Secure" in cookie for cookie in headers.get_all("Set-Cookie") or ())

    Segment.objects.create(slug="lookers", name="Lookers", rule={"event": "view_item"}, status="active")
    event = {
        "id": str(uuid7()),
        "name": "view_item",
        "occurred_at": datetime.now(UTC).isoformat(),
        "properties": {"item_id": "A13"},
    }
    status, _headers, body = visitor.ask("/collect/", {"events": [event]})
    assert (status, json.loads(body)["accepted"]) == (202, 1), body
    wait_until(lambda: Verdict.objects.filter(key="lookers", matches=True).exists(), processes)

    # No event tells a worker of this: only beat's schedule finds who is due.
    wait_until(lambda: Profile.objects.filter(due_at=None).exists(), processes)
    Verdict.objects.all().delete()
    Profile.objects.update(due_at=timezone.now(), claimed_until=None)
    wait_until(lambda: Verdict.objects.filter(key="lookers", matches=True).exists(), processes)


def test_environment__of_the_page__is_what_the_settings_read() -> None:
    assert variables_of_the_page().keys() <= variables_of_the_settings()


def test_compose__read__runs_the_commands_of_the_units() -> None:
    compose: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text())
    services = compose["services"]
    for name, arguments in units().items():
        command = ["0.0.0.0" if word == "127.0.0.1" else word for word in arguments]  # noqa: S104  # its own network
        assert services[name]["command"] == ["python", *command]
        assert all(port.startswith("127.0.0.1:") for port in services[name].get("ports", ()))
    ours = {name for name, service in services.items() if "build" in service}
    assert ours == {"setup", *units()}
    for name in ours:
        assert services[name]["environment"].keys() <= variables_of_the_settings()
        assert services[name]["depends_on"].keys() <= services.keys()
    for service in services.values():
        assert {volume.partition(":")[0] for volume in service.get("volumes", ())} <= compose["volumes"].keys()
    addresses = " ".join(str(value) for value in services["web"]["environment"].values())
    assert set(re.findall(r"(?:@|redis://)([a-z]+)", addresses)) == services.keys() - ours


SERVICE_KEYS = {
    *("build", "command", "depends_on", "environment", "healthcheck", "image", "ports", "restart"),
    *("stop_grace_period", "volumes"),
}
"""What compose knows of a service, as far as this file needs it: a misspelled key would be refused, or be nothing."""


def test_compose__each_service__is_pinned_watched_and_waited_for() -> None:
    compose: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text())
    assert {key for key in compose if not key.startswith("x-")} == {"services", "volumes"}
    services = compose["services"]
    for name, service in services.items():
        assert service.keys() <= SERVICE_KEYS, name
        if "build" not in service:
            assert re.fullmatch(r"[a-z]+:\d+\.\d+", service["image"]), name
        watched = service.get("healthcheck")
        if watched is not None:
            assert watched.keys() == {"test", "interval", "retries"}, name
            assert watched["test"][0] == "CMD", name
        for needed, how in service.get("depends_on", {}).items():
            conditions = {"service_healthy": "healthcheck", "service_completed_successfully": "command"}
            assert conditions[how["condition"]] in services[needed], (name, needed)
    # Whatever listens is watched, and nothing of ours starts before the tables are there.
    assert {name for name, service in services.items() if "healthcheck" in service} == services.keys() - {
        *("setup", "worker", "beat")
    }
    assert services["setup"]["restart"] == "no"
    assert set(services["setup"]["depends_on"]) == services.keys() - {"setup", *units()}
    assert all(list(services[name]["depends_on"]) == ["setup"] for name in units())
    assert (PROJECT / services["web"]["build"] / "Dockerfile").is_file()


def test_dockerfile__read__runs_as_nobody_special_on_a_python_that_we_support() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    (base,) = (line for line in lines if line.startswith("FROM "))
    version = re.fullmatch(r"FROM python:(3\.\d+)-slim", base)
    assert version
    assert f"Programming Language :: Python :: {version[1]}" in (PROJECT / "pyproject.toml").read_text()
    assert lines[-1].startswith("USER ")
    assert lines[-1] != "USER root"
