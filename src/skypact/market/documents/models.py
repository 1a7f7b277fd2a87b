"""Who gave which file to which listing, and when. The bytes lie in the store, the description in the listing."""

from django.db import models


class Attachment(models.Model):
    """One file given to one listing on this node. A listing that came in a catalogue file names files without one."""

    listing = models.CharField(max_length=100, help_text="slug")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    vendor = models.CharField(max_length=100, blank=True, help_text="slug of the vendor for whom it was given")
    by = models.CharField(max_length=200, help_text="as the event log names the actor")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["vendor"], name="attachments_of_vendor")]
        constraints = [models.UniqueConstraint(fields=["listing", "sha256"], name="attachment_once")]

    def __str__(self) -> str:
        return f"{self.listing} {self.sha256[:12]}"
