"""Tests of the plugins, on a site of their own with django CMS: `python -m pytest --site=cms`."""
