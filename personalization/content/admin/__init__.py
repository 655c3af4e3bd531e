"""The editors' desk: where they decide what visitors see, one file a page or a part of one."""

# Each registers its pages.
from personalization.content.admin import blocks, calls, campaigns, codes, groups, overall, pictures

__all__ = ["blocks", "calls", "campaigns", "codes", "groups", "overall", "pictures"]
