"""Tests of what is known about visitors."""
