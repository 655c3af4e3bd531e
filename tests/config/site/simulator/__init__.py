"""Tests of the simulated visitors: what they are, what they do, and what arrives."""
