"""The schema of scoring, step by step."""
