"""The site that the load benchmark asks: one page and the endpoint of blocks, with Attune or without it."""

from __future__ import annotations

from config.settings.environment import text
from config.settings.test import *  # noqa: F403  # a settings module extends another by star
from config.settings.test import DATABASES
from tests.benchmarks import page_cache

WITH_ATTUNE = text("LOAD_WITH_ATTUNE") == "yes"
ROOT_URLCONF = "tests.benchmarks.load_pages"
_edge, *_, _key = [name for name in page_cache.STACK if name.startswith("personalization.")]
_without = [name for name in page_cache.STACK if name not in (_edge, _key) and ".cache." not in name]
MIDDLEWARE = [_edge, *_without] if WITH_ATTUNE else _without
# All visitors of the benchmark come from one address.
PERSONALIZATION_BLOCKS_PER_MINUTE = 1_000_000
# As in production: connections outlive a request.
DATABASES["default"] |= {"CONN_MAX_AGE": 60}
