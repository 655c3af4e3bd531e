"""Every public address of Attune; include it at the site's root."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("consent/", include("consent.urls")),
    path("", include("tracking.urls")),
]
