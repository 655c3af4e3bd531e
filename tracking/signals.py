"""What measuring tells the rooms above."""

from django.dispatch import Signal

events_recorded = Signal()  # provides args: visitor_ids (frozenset of UUID); sent after the commit
