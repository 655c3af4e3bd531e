"""The demo project: settings, URLs and the shop-and-magazine that shows what Attune does."""

# Tasks must find the application wherever Django runs, not only in a worker.
from config.celery import app as celery_app

__all__ = ["celery_app"]
