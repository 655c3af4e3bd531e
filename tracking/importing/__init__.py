"""Import of history from files."""
