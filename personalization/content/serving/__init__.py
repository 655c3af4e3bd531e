"""From a request to what its visitor gets: rendered, as data, after the page, and out of caches that may keep it."""
