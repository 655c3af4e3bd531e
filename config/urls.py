"""Addresses of the demo project."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("personalization.urls")),
    path("", include("config.site.urls")),
]
