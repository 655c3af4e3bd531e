"""Scoring: numbers about visitors that follow from what they did, exact at every moment."""
