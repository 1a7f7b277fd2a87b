"""Does it work together? The set question, and what a listing works with."""
