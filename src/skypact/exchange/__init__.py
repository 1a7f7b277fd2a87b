"""One module a foreign format, in and out of the schema."""
