"""Settings of the test suite: private databases, brokers and folders, named by tests/services/plugin.py."""

from __future__ import annotations

from config.settings.base import *  # noqa: F403  # a settings module extends another by star
from config.settings.base import DATABASES, VAR_DIR

SECRET_KEY = "only for tests"  # noqa: S105  # it protects nothing
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files come straight from the apps.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # A file, so that server, worker and browser tests share it with the test; it need not survive a crash.
    _database["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    _database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
else:
    _database["CONN_MAX_AGE"] = 0
# The site under test may be visited by a browser that a script drives.
TRACKING_NOT_BOTS = ["HeadlessChrome"]
# What a busy machine is slow with is no slow variant.
PERSONALIZATION_SLOW_VARIANT = 300
# A test asks for the counts right after the request.
TRACKING_REFUSALS_EVERY = 0
