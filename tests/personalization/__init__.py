"""Tests of the face, and of the rooms behind it."""
