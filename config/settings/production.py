"""Settings for the internet: everything secret or local comes from the environment, transport is always encrypted."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403  # a settings module extends another by star
from config.settings.base import VAR_DIR
from config.settings.environment import folder, text, words

SECRET_KEY = text("SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set: give the environment a long random one, and keep it.")
ALLOWED_HOSTS = words("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set: name the site's hosts, split by commas.")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

# `manage.py collectstatic` fills it; WhiteNoise serves it, unless a server in front does.
STATIC_ROOT = folder("STATIC_ROOT", VAR_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if text("BEHIND_PROXY") else None
# Else all visitors would share the proxy's address, and its limits.
CONSENT_ADDRESS_HEADER = "X-Forwarded-For" if text("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
