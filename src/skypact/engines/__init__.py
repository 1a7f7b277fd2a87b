"""Pure functions over schema objects and NumPy arrays: no Django, no database, no clock, no network."""
