"""Batteries on pages and in the REST interface: what fits, what replaces it, which few kinds serve a fleet."""
