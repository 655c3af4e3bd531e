"""Which variant of a block a visitor sees, and why. Pure: no Django, no clock, no I/O."""
