"""The site behind PgBouncer: the settings of the tests with the lines of the page about deploying."""

from __future__ import annotations

from config.settings.test import *  # noqa: F403  # a settings module extends another by star
from config.settings.test import DATABASES
from tests.docs.reading import code_blocks, section

for _block in code_blocks(section("docs/how-to/deploy.md", "PgBouncer"), "python"):
    exec(_block.text, {"DATABASES": DATABASES})  # noqa: S102  # our own page
