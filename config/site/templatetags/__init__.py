"""What the shop's templates load."""
