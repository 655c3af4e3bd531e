"""A real nginx with `proxy_cache` in front: it keeps pages that ask nothing, and never one that is somebody's."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.http.response import HttpResponseBase
from pytest_django import Settings

from config.services import free_port, start_child, stop_child
from personalization import middleware
from personalization.content.models import Block, Variant
from personalization.testing import MakeVisitor, Visitor
from tests.personalization.content.visitors import segment
from tests.services.waiting import PATIENCE

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.personalization.pages"),
]

NGINX = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))
CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=pages:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_set_header Host testserver;
            proxy_cache pages;
            proxy_cache_valid 200 10m;
            add_header X-Cache $upstream_cache_status always;
        }}
    }}
}}
"""
Get = Callable[[Visitor, str], tuple[str, bytes]]
"""(visitor, path) → what nginx says about its cache, and the page."""


class QuietHandler(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _get(port: int, visitor: Visitor, path: str) -> tuple[str, bytes]:
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        headers={"User-Agent": "Mozilla/5.0 Firefox/140.0", **({"Cookie": cookies} if cookies else {})},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        return response.headers.get("X-Cache", ""), response.read()


@pytest.fixture
def site(settings: Settings) -> Iterator[int]:
    """The site with Django's page cache, on a port of its own."""
    settings.MIDDLEWARE = [
        "personalization.middleware.EdgeMiddleware",
        "django.middleware.cache.UpdateCacheMiddleware",
        "personalization.middleware.KeyMiddleware",
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    with make_server("127.0.0.1", 0, WSGIHandler(), handler_class=QuietHandler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def nginx(site: int, tmp_path: Path) -> Iterator[int]:
    """An nginx in front of the site, with a cache of its own."""
    if NGINX is None:
        pytest.skip("needs nginx: install the package nginx")
    port, configuration, log = free_port(), tmp_path / "nginx.conf", tmp_path / "nginx.log"
    configuration.write_text(CONFIGURATION.format(folder=tmp_path, port=port, behind=site))
    command = [NGINX, "-p", str(tmp_path), "-c", str(configuration), "-e", str(log)]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    child = start_child(command, log=log)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            _get(port, Visitor("first"), "/plain/?up")
            break
        except OSError:
            assert child.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.02)
    yield port
    stop_child(child)


@pytest.fixture
def visitors(attune_visitor: MakeVisitor) -> list[Visitor]:
    fans = segment("fans")
    block = Block.objects.create(key="hero", name="Hero")
    variant = Variant.objects.create(block=block, name="Fans", body="<p>for fans</p>", audience_kind="segments")
    variant.segments.add(fans)
    member = attune_visitor("fans", user=User.objects.create_user("anna"))
    agreed = (attune_visitor(agreed=choice) for choice in (False, True))
    return [attune_visitor(), *agreed, attune_visitor("fans"), attune_visitor("fans"), member]


def _wrong(site: int, nginx: int, visitors: list[Visitor], path: str) -> int:
    """How many of some visits through nginx show another page than the site itself."""
    wrong = 0
    turns = [*visitors, *visitors]
    random.Random(7).shuffle(turns)
    for visitor in turns:
        wrong += _get(nginx, visitor, path)[1] != _get(site, visitor, path)[1]
    return wrong


def test_nginx__page_that_asks_nothing__is_kept_for_everybody(nginx: int, visitors: list[Visitor]) -> None:
    told = [_get(nginx, visitor, "/plain/")[0] for visitor in visitors]
    assert told == ["MISS", *["HIT"] * (len(visitors) - 1)]


@pytest.mark.parametrize("path", ["/block/", "/headers/", "/nested/", "/part/"])
def test_nginx__personalized_page__everybody_gets_their_own(
    site: int, nginx: int, visitors: list[Visitor], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _wrong(site, nginx, visitors, path) == 0
    assert {_get(nginx, visitor, path)[0] for visitor in visitors} == {"MISS"}
    monkeypatch.setattr(middleware, "make_private", _only_without_the_key)
    assert _wrong(site, nginx, visitors, f"{path}?unprotected") > 0


def _only_without_the_key(response: HttpResponseBase) -> None:
    """What the edge would do if it forgot that caches outside know no answers."""
    if "Vary" in response.headers:
        del response.headers["Vary"]
