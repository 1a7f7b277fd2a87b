"""Pictures made from recordings, signed pictures at kits, and live sessions."""

import uuid

from django.conf import settings
from django.db import models

from skypact.conformance.picture import PictureReport
from skypact.market.pictures.transitions import PictureState


class Picture(models.Model):
    """Recordings of several products as one picture. The recordings themselves are not kept: their hashes are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=PictureState.choices, default=PictureState.WORKING)
    failure = models.TextField(blank=True)
    release = models.CharField(max_length=200, blank=True, help_text="empty: its owner and staff alone")
    together = models.CharField(max_length=20, blank=True)
    sources = models.PositiveIntegerField(default=0)
    tracks = models.PositiveIntegerField(default=0)
    report = models.TextField(blank=True, help_text="JSON of PictureReport")
    drawing = models.TextField(blank=True, help_text="JSON of what the map draws")
    by = models.CharField(max_length=200, help_text="as the event log names the actor")
    made_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [
            models.Index(fields=["owner", "-made_at"], name="pictures_of_owner"),
            models.Index(fields=["release", "-made_at"], name="pictures_released"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=PictureState.values), name="picture_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"

    @property
    def found(self) -> PictureReport:
        """The report as the engine made it."""
        return PictureReport.model_validate_json(self.report)


class KitPicture(models.Model):
    """A signed picture at a kit. Kept as it was signed; withdrawn ones stay for staff and the kit's owner."""

    kit = models.CharField(max_length=100, help_text="id")
    kit_hash = models.CharField(max_length=64, help_text="of the kit when the picture was attached")
    sha256 = models.CharField(max_length=64, help_text="of the signed statement")
    statement = models.TextField(help_text="JSON of the signed statement")
    drawing = models.TextField(blank=True, help_text="JSON of what the map draws; empty: tracks alone are known")
    together = models.CharField(max_length=20)
    tested_on = models.DateField()
    valid_until = models.DateField(null=True)
    fingerprint = models.CharField(max_length=64)
    release = models.CharField(max_length=200, default="PUBLIC")
    by = models.CharField(max_length=200, help_text="as the event log names the actor")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-tested_on", "-pk"]
        indexes = [models.Index(fields=["kit", "-tested_on"], name="pictures_of_kit")]
        constraints = [models.UniqueConstraint(fields=["kit", "sha256"], name="picture_at_kit_once")]

    def __str__(self) -> str:
        return f"{self.kit} {self.sha256[:12]} {self.together}"


class LiveSession(models.Model):
    """A picture that is being made now. What it shows this second lies in a file, not here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=300)
    kit = models.CharField(max_length=100, blank=True, help_text="id; empty: of no kit")
    release = models.CharField(max_length=200)
    by = models.CharField(max_length=200, help_text="as the event log names the actor")
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    picture = models.OneToOneField(Picture, null=True, on_delete=models.SET_NULL, related_name="session")

    class Meta:
        ordering = ["-started_at", "id"]
        indexes = [models.Index(fields=["ended_at", "-started_at"], name="live_sessions_open")]

    def __str__(self) -> str:
        return f"{self.id} {self.title}"
