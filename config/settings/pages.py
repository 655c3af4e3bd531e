"""What django CMS adds to the settings: the home page and the magazine are its pages, the rest of the shop stays."""

from __future__ import annotations

from typing import Any

APPS = [
    "djangocms_versioning",
    "djangocms_text",
    "cms",
    "menus",
    "treebeard",
    "sekizai",
    "django.contrib.sites",
]
MIDDLEWARE = [
    "cms.middleware.user.CurrentUserMiddleware",
    "cms.middleware.page.CurrentPageMiddleware",
    # Neither the toolbar's own, which asks on each page who looks, nor the one that gives everybody a cookie.
    "config.pages.middleware.ToolbarOnPagesMiddleware",
    "config.pages.middleware.EditingMiddleware",
]
CONTEXT_PROCESSORS = [
    "django.template.context_processors.i18n",
    "sekizai.context_processors.sekizai",
    "cms.context_processors.cms_settings",
    "config.pages.addresses.public_address",
]


def add_pages(settings: dict[str, Any]) -> None:
    """Add django CMS to the settings of a module: `add_pages(globals())`."""
    settings["INSTALLED_APPS"] = [*APPS, *settings["INSTALLED_APPS"], "personalization.djangocms", "config.pages"]
    # Last, so inside of the two that say what may be framed and inlined: they leave alone what is said already.
    settings["MIDDLEWARE"] = [*settings["MIDDLEWARE"], *MIDDLEWARE]
    (engine,) = settings["TEMPLATES"]
    options = engine["OPTIONS"] | {
        "context_processors": [*engine["OPTIONS"]["context_processors"], *CONTEXT_PROCESSORS],
        "libraries": {"frame": "config.pages.frame"},
    }
    settings["TEMPLATES"] = [engine | {"OPTIONS": options}]
    settings["ROOT_URLCONF"] = "config.pages.urls"
    settings["SITE_ID"] = 1
    settings["CMS_CONFIRM_VERSION4"] = True
    settings["CMS_TEMPLATES"] = [
        ("pages/home.html", "Home page"),
        ("pages/magazine.html", "Magazine"),
        ("pages/plain.html", "Page of text"),
    ]
    settings["CMS_TOOLBAR_HIDE"] = True
    # It says what django CMS 5.1 will not do with treebeard 6; the lock file keeps 5.
    settings["SILENCED_SYSTEM_CHECKS"] = ["treebeard.E001"]
