"""What came of blocks."""
