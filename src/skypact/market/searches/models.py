"""Searches that people keep."""

from django.conf import settings
from django.db import models


class SavedSearch(models.Model):
    """One person's question to the catalogue under a name of their own."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    query = models.CharField(max_length=2000, help_text="as in the address bar, in the one form that queries.py gives")
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(help_text="when its owner last looked at what it finds")
    found = models.PositiveIntegerField(help_text="how many listings its owner saw then")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "query"], name="saved_search_once"),
            models.UniqueConstraint(fields=["owner", "name"], name="saved_search_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
