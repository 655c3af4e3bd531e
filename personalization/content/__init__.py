"""What they see: blocks, variants, calls to action."""
