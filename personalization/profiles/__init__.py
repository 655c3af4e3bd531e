"""What is known now about a visitor."""
