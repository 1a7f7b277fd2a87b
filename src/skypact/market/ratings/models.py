"""What units accepted, what they say of it, what vendors answer, and whom it helped.

Wording and score never change: an edit is a further version. The database refuses UPDATE and DELETE on both tables of
versions (migration 0002). Listings are meant by their id, so that a rating outlives every change of the catalogue.
"""

import secrets

from django.conf import settings
from django.db import models

SCORES = range(1, 6)
_draw = secrets.randbelow


def drawn_number() -> int:
    """A number nobody can guess (below 2^53, so that scripts hold it exactly): counted ones would tell each reader how
    many ratings and deliveries there are that he may not see."""
    return 1 + _draw(2**53 - 1)


class Acceptance(models.Model):
    """That a unit took a delivery of an item. Only who accepted an item may rate it."""

    id = models.BigIntegerField(primary_key=True, default=drawn_number, editable=False)
    nation = models.CharField(max_length=2)
    organisation = models.CharField(max_length=200)
    listing = models.CharField(max_length=100, help_text="the listing's id")
    delivery = models.CharField(max_length=100, help_text="the delivery's own reference: an order or despatch number")
    accepted_on = models.DateField()
    quantity = models.PositiveIntegerField()
    recorded_by = models.CharField(max_length=200, help_text="the actor, as the event log names it")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-accepted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nation", "organisation", "listing", "delivery"], name="acceptance_once_a_unit_and_delivery"
            ),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="acceptance_of_something"),
        ]
        indexes = [models.Index(fields=["listing"], name="acceptance_listing")]

    def __str__(self) -> str:
        return f"{self.listing} {self.delivery}"


class Rating(models.Model):
    """The one rating of a unit for a delivery; what it says stands in its versions."""

    id = models.BigIntegerField(primary_key=True, default=drawn_number, editable=False)
    acceptance = models.OneToOneField(Acceptance, on_delete=models.PROTECT, related_name="rating")

    def __str__(self) -> str:
        return f"rating {self.pk}"


class _Version(models.Model):
    """What somebody said at one time; versions count from 1."""

    number = models.PositiveIntegerField()
    by = models.CharField(max_length=200, help_text="the actor, as the event log names it")
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return f"version {self.number}"


class RatingVersion(_Version):
    """What a rating says from one time on."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="versions")
    role = models.CharField(max_length=20, blank=True, help_text="the role of the person who wrote it")
    score = models.PositiveSmallIntegerField()
    pros = models.TextField(blank=True)
    cons = models.TextField(blank=True)
    conditions = models.TextField(blank=True, help_text="where and how the item was used")
    release = models.CharField(max_length=200, default="PUBLIC")

    class Meta(_Version.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["rating", "number"], name="rating_version_once"),
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="rating_score_1_to_5"),
        ]


class ReplyVersion(_Version):
    """What the vendor answers to a rating from one time on."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="replies")
    vendor = models.CharField(max_length=100, help_text="the vendor's id")
    text = models.TextField()

    class Meta(_Version.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["rating", "number"], name="reply_version_once")]


class Judgement(models.Model):
    """Whether a rating was useful to one person; the person may change it."""

    rating = models.ForeignKey(Rating, on_delete=models.CASCADE, related_name="judgements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    useful = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rating", "person"], name="judgement_once_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {'useful' if self.useful else 'not useful'}"
