"""What this room tells the rooms above, after commit."""

from django.dispatch import Signal

consent_changed = Signal()
"""Sent after a visitor's grants changed, with `visitor_id` (UUID), `granted` (the mask granted from now on) and
`withdrawn` (the mask that this choice took away). A hint only: what a withdrawal deletes, its transaction deletes."""
