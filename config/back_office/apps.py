"""Stands in INSTALLED_APPS in place of django.contrib.admin."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    """Django's admin, whose site is the shop's own."""

    default_site = "config.back_office.site.BackOffice"
