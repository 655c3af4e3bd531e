"""Tests of the demo shop and magazine."""
