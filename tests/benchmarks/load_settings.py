"""The site that the load benchmark asks: its pages and the endpoint of blocks, with Attune or without it.

Pages of the CMS have a server of their own, so that no other page goes through the middlewares of the CMS.
"""

from __future__ import annotations

from config.settings.environment import text
from config.settings.pages import MIDDLEWARE as CMS_MIDDLEWARE
from config.settings.pages import add_pages
from config.settings.test import *  # noqa: F403  # a settings module extends another by star
from config.settings.test import DATABASES
from tests.benchmarks import page_cache
from tests.benchmarks.load_templates import templates

WITH_ATTUNE = text("LOAD_WITH_ATTUNE") == "yes"
WITH_CMS = text("LOAD_WITH_CMS") == "yes"
if WITH_CMS:
    add_pages(globals())
    (_engine,) = globals()["TEMPLATES"]
    _engine["APP_DIRS"] = False
    _engine["OPTIONS"]["loaders"] = [
        ("django.template.loaders.locmem.Loader", templates(with_attune=WITH_ATTUNE)),
        "django.template.loaders.app_directories.Loader",
    ]
    CMS_TEMPLATES = [("load/cms.html", "Page")]
    # What comes from the cache of pages is measured elsewhere; that of placeholders is on, as the CMS has it.
    CMS_PAGE_CACHE = False
_edge, *_, _key = [name for name in page_cache.STACK if name.startswith("personalization.")]
_without = [name for name in page_cache.STACK if name not in (_edge, _key) and ".cache." not in name]
_without += CMS_MIDDLEWARE if WITH_CMS else []
MIDDLEWARE = [_edge, *_without] if WITH_ATTUNE else _without
ROOT_URLCONF = "tests.benchmarks.load_pages"
# All visitors of the benchmark come from one address.
PERSONALIZATION_BLOCKS_PER_MINUTE = 1_000_000
# As in production: connections outlive a request.
DATABASES["default"] |= {"CONN_MAX_AGE": 60}
