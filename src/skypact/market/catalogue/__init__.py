"""The catalogue of allied products."""
