"""Addresses of the demo with django CMS: the shop's own, two of which show pages, and those of the editors' pages."""

from cms.views import details
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from config.site import urls as shop
from config.urls import uploads

pages = [
    path("", details, {"slug": ""}, name="home"),
    path("magazine/", details, {"slug": "magazine"}, name="magazine"),
]
"""In place of the shop's views of the same names, before which they stand."""
urlpatterns = [
    *uploads,
    *i18n_patterns(
        # A page is edited in its own language under the admin's address in that language.
        path("admin/", admin.site.urls),
        path("", include("personalization.urls")),
        path("", include(([*pages, *shop.urlpatterns], shop.app_name))),
        path("", include("cms.urls")),
        prefix_default_language=False,
    ),
]
