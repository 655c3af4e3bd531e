"""Addresses of the demo project."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    # What pages talk to answers in the page's language, so it has the page's prefix, too.
    *i18n_patterns(
        path("", include("personalization.urls")),
        path("", include("config.site.urls")),
        prefix_default_language=False,
    ),
]
