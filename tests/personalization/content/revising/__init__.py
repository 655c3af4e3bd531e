"""Histories and drafts."""
