"""Tests of segments and of judging."""
