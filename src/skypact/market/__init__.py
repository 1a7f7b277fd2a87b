"""The market remembers: the Django project, one app a noun."""
