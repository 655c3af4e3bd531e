"""A URLconf that includes Attune below the site's root."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("shop/", include("personalization.urls"))]
