"""Looking at the site as somebody else would see it."""
