"""What visitors get, from pages, caches and as data."""
