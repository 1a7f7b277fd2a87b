"""The event log. The database itself refuses UPDATE and DELETE on it (migration 0002)."""

import json
from typing import Any

from django.db import models


class Event(models.Model):
    """One act that changed something. ``hash`` covers every other field and the hash of the event before."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=100)
    object_type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=200)
    payload = models.TextField(help_text="canonical JSON: exactly the text that was hashed")
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["object_type", "object_id", "sequence"], name="event_object")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.object_type} {self.object_id}"

    @property
    def data(self) -> dict[str, Any]:
        """What the act recorded."""
        data: dict[str, Any] = json.loads(self.payload)
        return data
