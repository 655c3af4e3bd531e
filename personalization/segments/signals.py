"""What judging tells the rooms above, after the commit that stored it."""

from django.dispatch import Signal

# args: visitor_id (UUID), entered and left (frozensets of keys), at (datetime)
membership_changed = Signal()
# args: visitor_id (UUID), at (datetime); something stored about the visitor moved, whichever
profile_changed = Signal()
