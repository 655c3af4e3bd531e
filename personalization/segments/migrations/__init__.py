"""The schema of segments, step by step."""
