"""The commands of the face."""
