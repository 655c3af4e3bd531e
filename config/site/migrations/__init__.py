"""Tables of the demo shop."""
