"""Tables: the validated document of each record, and beside it what lists show; searching is :mod:`.index`'s."""

from django.db import models

from skypact import schema


class Revision(models.Model):
    """One change of the catalogue; the highest number names its present state."""

    number = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    segment = models.CharField(
        max_length=64,
        blank=True,
        help_text="folder of the index with the listings last changed after the segment before and up to this revision",
    )

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["number"], condition=~models.Q(segment=""), name="revision_segment")]

    def __str__(self) -> str:
        return f"revision {self.number}"


class ReleaseLabel(models.Model):
    """A release label that stands somewhere in the catalogue; few, so that a reader's labels are listed quickly."""

    label = models.CharField(max_length=200, primary_key=True)

    def __str__(self) -> str:
        return self.label


class Vendor(models.Model):
    """A maker or seller."""

    slug = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=300)
    name_ko = models.CharField(max_length=300, blank=True)
    nation = models.CharField(max_length=2)
    document = models.TextField(help_text="canonical JSON of schema.Vendor")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the document")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "slug"]

    def __str__(self) -> str:
        return self.slug

    @property
    def record(self) -> schema.Vendor:
        """The vendor as the schema knows it."""
        return schema.Vendor.model_validate_json(self.document)


class Listing(models.Model):
    """A product."""

    slug = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=300)
    name_ko = models.CharField(max_length=300, blank=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="listings")
    nation = models.CharField(max_length=2, help_text="the vendor's, repeated so that filters need no join")
    category = models.CharField(max_length=40)
    family = models.CharField(max_length=20)
    shelf = models.PositiveSmallIntegerField(help_text="the category's place in the taxonomy: sensors come first")
    synthetic = models.BooleanField()
    release = models.CharField(max_length=200)
    labels = models.TextField(help_text="every release label inside the document, one a line")
    document = models.TextField(help_text="canonical JSON of schema.Listing")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the document")
    card = models.TextField(help_text="JSON: what a list shows of the listing")
    withdrawn = models.DateField(null=True, help_text="since when the vendor no longer offers it")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "slug"]

    def __str__(self) -> str:
        return self.slug

    @property
    def record(self) -> schema.Listing:
        """The listing as the schema knows it, everything in it."""
        return schema.Listing.model_validate_json(self.document)


class PastRecord(models.Model):
    """A document that a later one took the place of, under the name of its content. What changes leave behind."""

    digest = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the document")
    document = models.TextField(help_text="canonical JSON of schema.Vendor or schema.Listing")

    def __str__(self) -> str:
        return self.digest
