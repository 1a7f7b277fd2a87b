"""Vendors keep their own listings: upload, preview of the difference, submission, an editor's decision."""
