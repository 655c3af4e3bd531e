"""What the CMS remembers of a database is forgotten before each test."""

from __future__ import annotations

import pytest
from djangocms_versioning.versionables import _cms_extension


@pytest.fixture(autouse=True)
def _forget_content_types() -> None:
    """A test with a server of its own empties the database, and content types come back under other ids."""
    for versionable in _cms_extension().versionables:
        vars(versionable).pop("content_types", None)
