"""Addresses of the demo project."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.static import serve

# Only the demo serves what was uploaded itself.
uploads = (
    [path(f"{settings.MEDIA_URL.lstrip('/')}<path:path>", serve, {"document_root": settings.MEDIA_ROOT})]
    if getattr(settings, "SERVE_UPLOADS", False)
    else []
)
urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    *uploads,
    # What pages talk to answers in the page's language, so it has the page's prefix, too.
    *i18n_patterns(
        path("", include("personalization.urls")),
        path("", include("config.site.urls")),
        prefix_default_language=False,
    ),
]
