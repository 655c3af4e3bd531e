"""The demo's own segments, blocks and calls to action, as an editor might have made them."""

from config.site.editorial.blocks import BLOCKS
from config.site.editorial.calls_to_action import CALLS_TO_ACTION
from config.site.editorial.segments import CATEGORIES, SEGMENTS, TOPICS

__all__ = ["BLOCKS", "CALLS_TO_ACTION", "CATEGORIES", "SEGMENTS", "TOPICS"]
