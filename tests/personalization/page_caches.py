"""A site's own page cache, derived from Django's."""

from django.middleware.cache import UpdateCacheMiddleware


class OwnUpdateCacheMiddleware(UpdateCacheMiddleware):
    """Does what Django's does, under another name."""
