"""Addresses of the collector and its script."""

from django.urls import path

from tracking.conf import settings
from tracking.views import collect_events, tracker_script

app_name = "tracking"
urlpatterns = [
    path(settings.COLLECT_PREFIX, collect_events, name="collect"),
    path(f"{settings.COLLECT_PREFIX}tracker.js", tracker_script, name="tracker"),
]
