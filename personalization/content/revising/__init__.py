"""Histories: what each save kept, how two differ, and who may let visitors see it."""
