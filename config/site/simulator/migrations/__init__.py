"""Tables of the simulator."""
