"""The site of the fault tests: its pages need no catalog, its limits and waits are named by the environment."""

from __future__ import annotations

from config.settings.environment import text
from config.settings.test import *  # noqa: F403  # a settings module extends another by star
from config.settings.test import DATABASES, INSTALLED_APPS

ROOT_URLCONF = "tests.faults.pages"
# A load that comes from one address is no abuse here.
TRACKING_BATCHES_PER_MINUTE = 1_000_000
CONSENT_POSTS_PER_MINUTE = 1_000_000

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["timeout"] = float(text("FAULTS_BUSY_TIMEOUT", "20"))
else:
    # As in production: connections outlive a request, and may be broken at the next.
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

if text("FAULTS_STALL_AT"):
    INSTALLED_APPS += ["tests.faults.stalling.StallingConfig"]
