"""Measures Rhapsode beside what else could stand in front of a speech API."""
