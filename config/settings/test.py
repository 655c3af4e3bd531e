"""Settings of the test suite."""

from config.settings.base import *  # noqa: F403  # a settings module extends another by star

SECRET_KEY = "only for tests"
