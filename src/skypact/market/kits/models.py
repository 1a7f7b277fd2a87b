"""What was asked, the work on it, and the answers."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from skypact.market.kits.transitions import FINAL, JobState
from skypact.schema import Kit, KitStatus, Requirement

STATUS_NAMES = {
    KitStatus.OPTIMAL: _("Cheapest kit, proven"),
    KitStatus.FEASIBLE: _("Kit found"),
    KitStatus.STOPPED: _("Best kit so far"),
    KitStatus.NO_KIT: _("No kit"),
}


class StoredRequirement(models.Model):
    """A requirement as it was sent. Never changed: another wish is another requirement."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    document = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.document["id"])

    @property
    def requirement(self) -> Requirement:
        """The document as the schema knows it."""
        return Requirement.model_validate(self.document)


class StoredKit(models.Model):
    """A composed kit. Without an owner it is seen by whoever has its address; ``listed`` ones by everybody."""

    id = models.CharField(primary_key=True, max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    listed = models.BooleanField(default=False)
    title = models.CharField(max_length=300)
    title_ko = models.CharField(max_length=300, blank=True)
    site_name = models.CharField(max_length=300)
    site_name_ko = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=20, choices=[(status.value, name) for status, name in STATUS_NAMES.items()])
    total = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3)
    complete_on = models.DateField(null=True)
    document = models.JSONField()
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-stored_at", "id"]
        indexes = [
            models.Index(fields=["owner", "-stored_at"], name="kits_of_owner"),
            models.Index(fields=["listed", "-stored_at"], name="kits_listed"),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def kit(self) -> Kit:
        """The document as the schema knows it."""
        return Kit.model_validate(self.document)


class ComposeJob(models.Model):
    """One search for a kit, done by a process of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requirement = models.ForeignKey(StoredRequirement, on_delete=models.PROTECT, related_name="jobs")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asker = models.CharField(max_length=64, blank=True, help_text="of nobody signed in: a keyed hash of the address")
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    stage = models.CharField(max_length=40, blank=True)
    done = models.FloatField(default=0.0)
    stop_requested = models.BooleanField(default=False)
    failure = models.TextField(blank=True)
    kit = models.OneToOneField(StoredKit, null=True, on_delete=models.PROTECT, related_name="job")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "created_at"], name="jobs_by_state")]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=models.Q(done__gte=0, done__lte=1), name="job_done_share"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen."""
        return JobState(self.state) in FINAL
