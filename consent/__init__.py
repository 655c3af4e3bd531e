"""Who agreed to what: purposes, choices, the gate."""
