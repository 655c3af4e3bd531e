"""Which permissions open pages that belong to no single model."""

from typing import Final

RESULTS: Final = "attune_tracking.view_results"
"""Opens what came of blocks, wherever it is told."""
START: Final = (
    "attune_content.view_block",
    "attune_content.view_campaign",
    "attune_segments.view_segment",
    RESULTS,
)
"""Any of these opens the start page; what stands on it, each its own part."""
