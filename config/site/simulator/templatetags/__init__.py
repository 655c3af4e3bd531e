"""Template tags of the simulator."""
