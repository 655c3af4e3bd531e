"""Who they are: segments, membership, judging."""
