"""The schema of profiles, step by step."""
