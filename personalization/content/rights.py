"""Which permissions open pages that belong to no single model."""

from typing import Final

START: Final = (
    "attune_content.view_block",
    "attune_content.view_campaign",
    "attune_segments.view_segment",
    "attune_tracking.view_results",
)
"""Any of these opens the start page; what stands on it, each its own part."""
