"""What a project's own code calls: decide what to show, ask for a segment, record an event, tell what is known."""

from personalization.content.deciding import Decision
from personalization.content.services import decide, decide_all, in_segment

__all__ = ["Decision", "decide", "decide_all", "in_segment"]
