"""Settings of `make demo` and of manage.py: one machine, no service unless the environment names one."""

from __future__ import annotations

import secrets

from config.settings.base import *  # noqa: F403  # a settings module extends another by star
from config.settings.base import VAR_DIR
from config.settings.environment import text
from config.settings.pages import add_pages
from personalization.schedule import SCHEDULE

COUNTING = "attune: count the people in segments"


def _secret_key() -> str:
    """The key of this installation, made at the first start and kept under var/."""
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    file = VAR_DIR / "secret_key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text().strip()


SECRET_KEY = text("SECRET_KEY") or _secret_key()
# Pages behave as they will in production; static files come straight from the apps.
WHITENOISE_USE_FINDERS = True
SERVE_UPLOADS = True  # in production the web server does
# The demo may be visited by a browser that a script drives.
TRACKING_NOT_BOTS = ["HeadlessChrome"]
add_pages(globals())
# Whoever watches the history fill up sees its people counted, too.
CELERY_BEAT_SCHEDULE = {**SCHEDULE, COUNTING: SCHEDULE[COUNTING] | {"schedule": 15.0}}
