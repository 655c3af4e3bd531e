"""The demo's home page and magazine as pages of django CMS; installed by `config.settings.pages`."""
