"""The conditions of the rule language, one kind a module."""
