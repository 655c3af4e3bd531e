"""Tests of the import of history."""
