"""What the environment names: addresses of services, folders, secrets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SQLITE_OPTIONS = {
    # Writers queue up at BEGIN instead of failing half-way; readers never wait.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def database(url: str) -> dict[str, Any]:
    """Django's settings of the database at `url`.

    >>> database("sqlite:////srv/attune.sqlite3")["NAME"]
    '/srv/attune.sqlite3'
    >>> config = database("postgresql://anna:s%40crt@db.example:5433/shop?sslmode=require")
    >>> config["USER"], config["PASSWORD"], config["HOST"], config["PORT"], config["NAME"], config["OPTIONS"]
    ('anna', 's@crt', 'db.example', '5433', 'shop', {'sslmode': 'require'})
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": dict(SQLITE_OPTIONS),
        }
    if parts.scheme in {"postgresql", "postgres"}:
        options = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": options,
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL: {parts.scheme or 'an empty scheme'} is not known; write sqlite:///<path> or postgresql://…/<name>."
    )


def sqlite_url(file: Path) -> str:
    """The URL of the SQLite database in `file`, whose path may hold what means something else in a URL.

    >>> sqlite_url(Path("/srv/our shop #2/100%25.sqlite3"))
    'sqlite:////srv/our%20shop%20%232/100%2525.sqlite3'
    >>> database(sqlite_url(Path("/srv/our shop #2/100%25.sqlite3")))["NAME"]
    '/srv/our shop #2/100%25.sqlite3'
    """
    return f"sqlite:///{quote(str(file))}"


def folder(name: str, default: Path) -> Path:
    """The folder that the variable `name` names, else `default`."""
    return Path(os.environ.get(name) or default)


def text(name: str, default: str = "") -> str:
    """The variable `name`; an empty one counts as unset."""
    return os.environ.get(name) or default


def words(name: str) -> list[str]:
    """The variable `name` as a list, split at commas.

    >>> os.environ["DOCTEST_HOSTS"] = "a.example, b.example"
    >>> words("DOCTEST_HOSTS")
    ['a.example', 'b.example']
    """
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]
