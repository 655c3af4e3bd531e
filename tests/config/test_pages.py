"""The home page and the magazine of the running demo are pages of django CMS; all others are as they were."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from email.message import Message
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from config.csp import HEADER
from config.settings.environment import sqlite_url
from config.site.seeds import LOGIN, PASSWORD
from tests.config.site.test_demo import demo_environment
from tests.services.processes import PROJECT, SiteProcess

PAGES = {"/": "Sixty days", "/de/": "Sechzig Tage", "/magazine/": "boots off", "/de/magazine/": "Stiefel"}
"""The addresses of the pages, and words that an editor may change there."""


class Browser:
    """Somebody who keeps cookies."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path: str, **form: str) -> tuple[Message, str]:
        """Headers and text of what is at a path; a form is sent."""
        sent = urlencode(form).encode() if form else None
        with self._opener.open(f"{self.address}{path}", sent) as answer:
            return answer.headers, answer.read().decode()

    def log_in(self) -> None:
        """As the demo's editor."""
        _, form = self.open("/admin/login/")
        (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        self.open("/admin/login/", csrfmiddlewaretoken=token, username=LOGIN, password=PASSWORD, next="/")


def test_pages__of_the_demo__are_made_in_the_cms_and_may_do_no_more_than_others(
    demo_folder: Path, sqlite_only: None
) -> None:
    environment = demo_environment(demo_folder) | {"DATABASE_URL": sqlite_url(demo_folder / "attune.sqlite3")}
    with SiteProcess(demo_folder, environment) as site:
        address = site.url
        visitor, editor = Browser(address), Browser(address)
        for path, words in PAGES.items():
            headers, text = visitor.open(path)
            assert words in text
            assert "unsafe" not in headers[HEADER]
            assert "frame-ancestors 'none'" in headers[HEADER]
            assert headers["X-Frame-Options"] == "DENY"
            assert "Set-Cookie" not in headers
            assert f'<link rel="canonical" href="{address}{path}">' in text
            assert text.count('rel="alternate" hreflang=') == 2
            assert ('data-attune-block="cms:' in text) is (path in {"/", "/de/"})
        headers, _ = visitor.open("/magazine/topics/walks/")
        assert "Cache-Control" not in headers
        assert "Cookie" not in headers["Vary"]

        with pytest.raises(urllib.error.HTTPError) as lost:
            visitor.open("/nowhere/")
        assert lost.value.status == 404
        assert b"hreflang" not in lost.value.read()
        lost.value.close()

        editor.log_in()
        assert "cms-toolbar" in editor.open("/")[1]
        for path, inlines, is_framed in (
            ("/", True, True),
            ("/admin/cms/pagecontent/", True, True),
            ("/admin/attune_segments/segment/", False, True),
            ("/shop/jackets/", False, False),
        ):
            headers, _ = editor.open(path)
            assert ("'unsafe-inline'" in headers[HEADER]) is inlines, path
            assert ("frame-ancestors 'self'" in headers[HEADER]) is is_framed, path
            assert headers["X-Frame-Options"] == ("SAMEORIGIN" if is_framed else "DENY"), path


def test_seeding__again__leaves_pages_alone_that_editors_changed(demo_folder: Path, sqlite_only: None) -> None:
    database = demo_folder / "attune.sqlite3"

    def seed_again() -> str:
        command = [sys.executable, "manage.py", "seed_pages"]
        environment = demo_environment(demo_folder)
        done = subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True)
        return done.stdout

    with contextlib.closing(sqlite3.connect(database)) as rows, rows:
        rows.execute("UPDATE cms_pagecontent SET title = 'Changed' WHERE language = 'en'")
    assert seed_again() == ""
    with contextlib.closing(sqlite3.connect(database)) as rows:
        titles = [title for (title,) in rows.execute("SELECT title FROM cms_pagecontent ORDER BY id")]
    assert titles.count("Changed") == 2
    assert len(titles) == 4
