"""Which variant is shown, and why."""
