"""Searches of the catalogue that a person keeps, to look again later."""
