"""Addresses for the tests of this room alone."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("consent/", include("consent.urls"))]
