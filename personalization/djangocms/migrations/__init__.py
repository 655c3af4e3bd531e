"""Migrations of the plugins."""
