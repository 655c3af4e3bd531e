"""Names that templates use."""
