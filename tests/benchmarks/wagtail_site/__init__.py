"""A small Wagtail site with wagtail-personalisation, to be measured in an environment of its own."""
