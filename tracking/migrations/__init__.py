"""The database history of what happened."""
