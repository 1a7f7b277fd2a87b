"""Signed statements of labs about listings, the keys that this node believes, and the firmware that is shipped now."""

from django.db import models

from skypact.conformance.report import Verdict


class TrustedKey(models.Model):
    """A lab's key that this node believes, until it says otherwise."""

    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the public key")
    name = models.CharField(max_length=300, help_text="whose key it is")
    by = models.CharField(max_length=200, help_text="as the event log names the actor")
    at = models.DateTimeField(auto_now_add=True)
    distrusted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "fingerprint"]

    def __str__(self) -> str:
        return f"{self.name} {self.fingerprint[:12]}"


class Result(models.Model):
    """One statement about one listing. Kept as it was signed; withdrawn ones stay readable for staff and the vendor."""

    listing = models.CharField(max_length=100, help_text="slug")
    sha256 = models.CharField(max_length=64, help_text="of the signed statement")
    statement = models.TextField(help_text="JSON of SignedStatement")
    standard = models.CharField(max_length=40)
    version = models.CharField(max_length=100, blank=True, help_text="as claimed; empty: none was claimed")
    verdict = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Verdict])
    badge = models.BooleanField(default=False, help_text="whether the statement earns one, trust and dates apart")
    rungs = models.JSONField(default=dict, help_text="what a badge stands on, each with its verdict")
    profile = models.CharField(max_length=300, blank=True, help_text="which side of the standard was tested")
    answers = models.BooleanField(default=False, help_text="whether the session holds what a receiver answers")
    conducted_by = models.CharField(max_length=300, blank=True)
    firmware = models.CharField(max_length=300, blank=True)
    tested_on = models.DateField()
    valid_until = models.DateField(null=True)
    fingerprint = models.CharField(max_length=64)
    release = models.CharField(max_length=200, default="PUBLIC")
    vendor = models.CharField(max_length=100, blank=True, help_text="slug of the vendor for whom it was attached")
    by = models.CharField(max_length=200, help_text="as the event log names the actor")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["standard", "-tested_on", "-pk"]
        indexes = [models.Index(fields=["listing", "standard"], name="lab_results_of_listing")]
        constraints = [models.UniqueConstraint(fields=["listing", "sha256"], name="lab_result_once")]

    def __str__(self) -> str:
        return f"{self.listing} {self.standard} {self.verdict}"


class Firmware(models.Model):
    """What its vendor ships now; the latest row counts. Results of another firmware ask for a new test."""

    listing = models.CharField(max_length=100, help_text="slug")
    version = models.CharField(max_length=300)
    by = models.CharField(max_length=200, help_text="as the event log names the actor")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["listing", "-id"], name="lab_firmware_of_listing")]

    def __str__(self) -> str:
        return f"{self.listing} {self.version}"
