"""The app's name, label and what it is called in the admin."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "config.pages"
    label = "demo_pages"
    verbose_name = "Larkmoor (pages)"
