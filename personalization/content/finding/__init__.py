"""Names that templates and pages use, held against what is configured."""
