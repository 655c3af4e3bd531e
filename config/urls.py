"""Addresses of the demo project."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

admin.site.site_header = "Larkmoor"
admin.site.site_title = "Larkmoor"
admin.site.index_title = "Behind the counter"

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("personalization.urls")),
    path("", include("config.site.urls")),
]
