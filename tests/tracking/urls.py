"""Addresses for the tests of measuring: the collector and the admin, whatever else the site has."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("admin/", admin.site.urls), path("", include("tracking.urls"))]
