"""A URLconf as it is where settings moved the consent endpoint."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("our/own/", include("consent.urls")),
    path("", include("tracking.urls")),
]
