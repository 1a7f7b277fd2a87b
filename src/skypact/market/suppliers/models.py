"""What vendors submit: the file as it came, each listing beside what was live, and the thread between both sides."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from skypact.market.suppliers.transitions import Side, State


class Change(models.TextChoices):
    """What a line does to the catalogue."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    WITHDRAWN = "withdrawn", _("To be withdrawn")
    RELISTED = "relisted", _("To be listed again")


class Decision(models.TextChoices):
    """What became of a line."""

    PENDING = "", _("Open")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")


class Submission(models.Model):
    """What one vendor asks the node's catalogue editors to take in."""

    vendor = models.CharField(max_length=100, help_text="the vendor's slug in the catalogue")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    compared_at = models.DateTimeField(help_text="when the lines were last laid beside what was live")
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True, help_text="as the event log names the editor")

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["vendor", "-id"], name="submissions_of_vendor"),
            models.Index(fields=["state", "submitted_at"], name="submissions_by_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="submission_state_known")
        ]

    def __str__(self) -> str:
        return f"submission {self.pk} of {self.vendor}: {self.state}"


class Upload(models.Model):
    """A file exactly as it came. Never changed, never run; a corrected one stands beside it."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="uploads")
    at = models.DateTimeField(auto_now_add=True)
    standing = models.CharField(
        max_length=40, blank=True, help_text="what decides which labels its giver may read; empty: nobody remembers"
    )
    name = models.CharField(max_length=200)
    format = models.CharField(max_length=10)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    rows = models.PositiveIntegerField()
    refused = models.PositiveIntegerField(help_text="rows left out; the report names why")
    report = models.TextField(help_text="JSON of catalogue.report.Report")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:12]}"


class Line(models.Model):
    """One record of a submission beside what was live when it was compared."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField(help_text="order in the submission")
    row = models.PositiveIntegerField(null=True, help_text="row of the file")
    kind = models.CharField(max_length=10, help_text="listing or vendor")
    slug = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    name_ko = models.CharField(max_length=300, blank=True)
    change = models.CharField(max_length=10, choices=Change.choices)
    document = models.TextField(blank=True, help_text="canonical JSON as it will stand; empty where nothing is written")
    digest = models.CharField(max_length=64, blank=True)
    before = models.TextField(blank=True, help_text="the document that was live; empty where there was none")
    seen = models.CharField(max_length=64, blank=True, help_text="digest of `before`")
    labels = models.TextField(help_text="every release label inside both documents, one a line")
    price_rise = models.FloatField(null=True, help_text="greatest rise of a price, as a share")
    reason = models.TextField(blank=True, help_text="why a listing is withdrawn or listed again")
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.PENDING, blank=True)
    remark = models.TextField(blank=True, help_text="the editor's reason")

    class Meta:
        ordering = ["place"]
        indexes = [models.Index(fields=["submission", "change", "place"], name="lines_by_change")]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "kind", "slug"],
                condition=~models.Q(decision=Decision.APPROVED),
                name="one_open_line_a_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.change} {self.slug}"


class Entry(models.Model):
    """One step of the thread: who did what, and what was said."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField(auto_now_add=True)
    author = models.CharField(max_length=200, help_text="user name, or what acted")
    side = models.CharField(max_length=10, choices=Side.choices)
    act = models.CharField(max_length=20)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.author} {self.act}"
