"""The demo shop and magazine."""
