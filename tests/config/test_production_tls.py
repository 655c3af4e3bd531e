"""nginx with the documented lines in front of the documented web server, and a browser that comes by https."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from config.services import free_port
from tests.architecture import PROJECT
from tests.config.test_production import DEPLOY, UnitProcess, answers, units, variables_of_the_page
from tests.docs.reading import code_blocks, section
from tests.services.processes import RealProcess
from tests.services.waiting import eventually
from tracking.models import StoredEvent

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

NGINX = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
OPENSSL = shutil.which("openssl")
LIVES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")

pytestmark = [
    pytest.mark.skipif(not (NGINX and OPENSSL), reason="needs nginx and openssl: install the packages of these names"),
    pytest.mark.once,
]


class Nginx(RealProcess):
    """nginx with a certificate of its own, handing on to the site on `port`."""

    def __init__(self, folder: Path, site: int) -> None:
        super().__init__(folder, {})
        self.port = free_port()
        (lines,) = code_blocks(section(DEPLOY, "TLS"), "nginx")
        assert "http://127.0.0.1:8000" in lines.text
        location = lines.text.replace(":8000", f":{site}")
        temporary = "".join(f"{name}_temp_path {folder / name};\n" for name in LIVES)
        assert OPENSSL is not None
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        subject = ["-subj", "/CN=shop", "-days", "2", "-nodes", "-newkey", "rsa:2048"]
        made = [OPENSSL, "req", "-x509", *subject, "-keyout", str(key), "-out", str(certificate)]
        subprocess.run(made, check=True, capture_output=True)
        self.file = folder / "nginx.conf"
        self.file.write_text(
            f"daemon off; pid {folder / 'nginx.pid'}; error_log stderr; worker_processes 1;\n"
            f"{'user root;' if os.geteuid() == 0 else ''}\n"
            f"events {{}}\nhttp {{ access_log off;\n{temporary}"
            f"server {{ listen 127.0.0.1:{self.port} ssl; ssl_certificate {certificate}; ssl_certificate_key {key};\n"
            f"{location} }} }}\n"
        )

    def command(self) -> list[str]:
        assert NGINX is not None
        return [NGINX, "-e", "stderr", "-c", str(self.file)]

    def is_ready(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return False
        return True


@pytest.fixture
def by_https(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The address of the production site behind nginx."""
    told = variables_of_the_page()
    for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"):
        del told[name]
    environment = told | {
        "SECRET_KEY": "one-of-the-tests-that-is-long-enough-for-production-settings",
        "ALLOWED_HOSTS": "127.0.0.1,shop.example",
        "STATIC_ROOT": str(tmp_path / "static"),
        "ATTUNE_VAR": str(tmp_path),
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, cwd=PROJECT, env={**os.environ, **environment}, check=True)
    port = free_port()
    command = units()["web"]
    command[command.index("8000")] = str(port)
    with UnitProcess(tmp_path, environment, command, answers(port)), Nginx(tmp_path, port) as proxy:
        yield f"https://127.0.0.1:{proxy.port}"


def test_tls__browser_behind_nginx__agrees_by_cookies_of_this_host_alone(
    by_https: str, new_visitor: Callable[..., BrowserContext]
) -> None:
    visitor = new_visitor(ignore_https_errors=True, user_agent="Mozilla/5.0 (X11) Chrome/140.0")
    page = visitor.new_page()
    page.goto(f"{by_https}/about/")
    with page.expect_response("**/consent/") as answer:
        page.get_by_role("button", name="Accept", exact=True).click()
    assert answer.value.status == 200
    cookies = {cookie["name"]: cookie for cookie in visitor.cookies()}
    ours = {name for name in cookies if "attune" in name}
    assert ours == {f"__Host-attune_{name}" for name in ("consent", "consent_proof", "visitor")}
    assert all(cookies[name]["secure"] for name in ours)
    page.goto(f"{by_https}/about/")
    eventually(lambda: StoredEvent.objects.filter(name="page_view").exists(), page=page)
    connections.close_all()
