"""What editors are told: sizes, lint, times."""
