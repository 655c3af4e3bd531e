"""Every public address of Attune; include it at the site's root."""

from django.urls import URLPattern, URLResolver, include, path

from consent.conf import settings as consent_settings
from personalization.content.conf import conf
from personalization.openapi import schema

urlpatterns: list[URLPattern | URLResolver] = [
    path(consent_settings.PREFIX, include("consent.urls")),
    path("", include("tracking.urls")),
    path("", include("personalization.content.urls")),
    path(f"{conf.PERSONALIZATION_PREFIX}openapi.json", schema, name="attune-openapi"),
]
