"""What editors should know before they are asked: how many, when, and what is probably wrong."""
