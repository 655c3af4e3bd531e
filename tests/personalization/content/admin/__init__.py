"""What editors find in the admin."""
