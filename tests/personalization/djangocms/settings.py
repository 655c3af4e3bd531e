"""A site with django CMS, versioning, aliases and rich text; databases and services as in every other test."""

from __future__ import annotations

from pathlib import Path

import personalization
from config.settings.test import *  # noqa: F403  # a settings module extends another by star

INSTALLED_APPS = [
    "djangocms_versioning",
    "djangocms_alias",
    "djangocms_text",
    "djangocms_link",
    "djangocms_frontend",
    "djangocms_frontend.contrib.grid",
    "djangocms_frontend.contrib.card",
    "filer",
    "easy_thumbnails",
    "cms",
    "menus",
    "treebeard",
    "sekizai",
    "parler",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_celery_beat",
    *personalization.APPS,
    "personalization.djangocms",
]
MIDDLEWARE = [
    "personalization.middleware.EdgeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.middleware.user.CurrentUserMiddleware",
    "cms.middleware.page.CurrentPageMiddleware",
    "cms.middleware.toolbar.ToolbarMiddleware",
    "cms.middleware.language.LanguageCookieMiddleware",
]
ROOT_URLCONF = "tests.personalization.djangocms.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sekizai.context_processors.sekizai",
                "cms.context_processors.cms_settings",
            ]
        },
    }
]
PERSONALIZATION_VARIANT_TEMPLATES = {}
PERSONALIZATION_GET_ITEMS = ""
PERSONALIZATION_GET_SAMPLES = ""
SITE_ID = 1
CMS_CONFIRM_VERSION4 = True
CMS_TEMPLATES = [("page.html", "Page"), ("tagged.html", "Page with a tag"), ("aliased.html", "With an alias")]
CMS_TOOLBAR_URL__PERSIST = False
X_FRAME_OPTIONS = "SAMEORIGIN"
