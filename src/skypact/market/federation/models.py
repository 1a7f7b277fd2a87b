"""The change feed: one row a changed item, numbered in the order in which transactions commit."""

from django.db import models


class Subject(models.TextChoices):
    """What was changed."""

    LISTING = "listing"
    VENDOR = "vendor"


class Kind(models.TextChoices):
    """What happened to it."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    RELISTED = "relisted"


class Feed(models.Model):
    """The last number given, in one row. Whoever takes numbers holds the row until his transaction ends."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"up to {self.last}"


class Audience(models.Model):
    """To whom a change shows, and as what; many changes share the few that there are."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    before = models.CharField(max_length=200, blank=True, help_text="release label before; empty where not listed")
    after = models.CharField(max_length=200, blank=True, help_text="release label after; empty where not listed")
    parts = models.TextField(
        blank=True,
        help_text="labels of the parts that changed: a line is a set of labels, divided by tabs, of which a reader "
        "who holds them all sees a difference",
    )
    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the four fields above")
    latest = models.BigIntegerField(help_text="number of the last change with this audience")

    def __str__(self) -> str:
        return f"{self.kind} {self.before or '-'} → {self.after or '-'}"


class Change(models.Model):
    """One change of one listing or vendor. Its revision leads to the event of the act."""

    sequence = models.BigIntegerField(primary_key=True)
    subject = models.CharField(max_length=10, choices=Subject.choices)
    slug = models.CharField(max_length=100)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    digest_before = models.CharField(max_length=64, blank=True)
    digest_after = models.CharField(max_length=64, blank=True)
    revision = models.BigIntegerField(help_text="of the catalogue, as the change left it")
    at = models.DateTimeField()

    class Meta:
        ordering = ["sequence"]
        indexes = [models.Index(fields=["subject", "slug", "sequence"], name="change_item")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.subject} {self.slug}"
