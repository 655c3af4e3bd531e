"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "config.site"
    label = "demo_site"  # "site" would be mistaken for django.contrib.sites
    verbose_name = "Larkmoor (demo shop)"
    default_auto_field = "django.db.models.BigAutoField"
