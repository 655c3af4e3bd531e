"""The commands of content."""
