"""What every implementation of a registry must keep, run over all that are registered."""
