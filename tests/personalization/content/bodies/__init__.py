"""What variants show."""
