"""The page that is measured: plain, or one that can have variants."""

from django.conf import settings
from django.db import models
from wagtail.models import Page

if settings.PERSONALISED:
    from wagtail_personalisation.models import PersonalisablePageMixin

    BASES = (PersonalisablePageMixin, Page)
else:
    BASES = (Page,)


class HomePage(*BASES):
    """A page with a text."""

    text = models.TextField(blank=True)
    template = "home.html"
