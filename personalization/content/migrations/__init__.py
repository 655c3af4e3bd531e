"""The content tables, step by step."""
