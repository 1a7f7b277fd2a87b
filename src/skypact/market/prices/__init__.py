"""Prices: what was asked for a listing over time, what rose, and what it comes to in another currency."""
