"""The plugins for django CMS: what editors put into pages depends on who looks. Loaded only with django CMS."""
