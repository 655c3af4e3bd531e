"""Simulated visitors: who they are, what they do and when, and the doors through which they act. See model.py."""
