"""The documents held to the code: every example runs, every table is complete."""
