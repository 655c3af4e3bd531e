"""Tests of what visitors see."""
