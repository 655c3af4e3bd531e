"""What every way of running the demo project shares; the environment names the services."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import personalization
from config.csp import CSP
from config.settings import environment
from personalization.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Everything that running writes lies here.
VAR_DIR = environment.folder("ATTUNE_VAR", BASE_DIR / "var")

DEBUG = False
SECRET_KEY = environment.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "config.back_office.apps.BackOfficeConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_celery_beat",
    *personalization.APPS,
    "config.site",
    "config.site.simulator",
]
MIDDLEWARE = [
    "personalization.middleware.EdgeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.csp.csp",
            ],
            "libraries": {"frame": "config.site.frame"},
        },
    }
]

DATABASES = {
    "default": environment.database(
        environment.text("DATABASE_URL", environment.sqlite_url(VAR_DIR / "attune.sqlite3"))
    )
}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

REDIS_URL = environment.text("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "personalization.caches.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
if REDIS_URL:
    PERSONALIZATION_REDIS_URL = REDIS_URL
    CONSENT_THROTTLE_URL = REDIS_URL

# Tasks carry ids and plain values as JSON; nothing reads their results. Without a broker, folders carry them.
CELERY_BROKER_URL = environment.text("CELERY_BROKER_URL", REDIS_URL or "filesystem://localhost/")
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT = "personalization.broker:Transport"
    _folders = {name: VAR_DIR / "broker" / name for name in ("messages", "control")}
    for _folder in _folders.values():
        _folder.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(_folders["messages"]),
        "data_folder_out": str(_folders["messages"]),
        "control_folder": str(_folders["control"]),
        "polling_interval": 0.05,
    }
else:
    # A publisher waits for a broker that is gone no longer than a page may take.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 1, "max_retries": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = SCHEDULE

# The layouts that editors may choose for a variant.
PERSONALIZATION_VARIANT_TEMPLATES = {
    "site/blocks/recommend-jackets.html": "Recommendation: jackets",
    "site/blocks/recommend-trousers.html": "Recommendation: trousers",
    "site/blocks/recommend-boots.html": "Recommendation: boots",
    "site/blocks/recommend-packs.html": "Recommendation: packs",
    "site/blocks/recommend-layers.html": "Recommendation: layers",
}

# What lists of items show of the shop and its magazine.
PERSONALIZATION_GET_ITEMS = "config.site.items.get_items"
PERSONALIZATION_GET_SAMPLES = "config.site.items.get_samples"

# What people type into the search box may be a name or an address. The shop's own event says which of its words they
# used.
TRACKING_QUERY_PARAMETERS = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id"]

LOGIN_URL = "site:log_in"

LANGUAGE_CODE = "en"
# Each under its own prefix, but for the first; names are written in their own language.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# Before all apps, some of which translate the same short words in another sense.
LOCALE_PATHS = [BASE_DIR / "config" / "site" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
# What editors upload.
MEDIA_URL = "media/"
MEDIA_ROOT = VAR_DIR / "media"

# The shape of Django 6's setting. Scripts and styles are files; only the admin, which no cache keeps, uses the nonce.
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        **{
            name: {"level": environment.text("LOG_LEVEL", "INFO")}
            for name in ("consent", "tracking", "personalization", "celery")
        },
        # A line a second for the schedule's heartbeat would bury the others.
        **{name: {"level": "WARNING"} for name in ("celery.beat", "celery.worker.strategy", "celery.app.trace")},
    },
}
