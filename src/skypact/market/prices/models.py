"""What was asked for listings, and the rates currencies were exchanged at. All of it is append-only: migration 0002.

Listings and sellers are named by slug, without foreign keys: the catalogue calls this app, not the other way round.
"""

from django.db import models


class Arrival(models.Model):
    """When a listing came into the catalogue. An offer first seen later was added after that."""

    listing = models.CharField(max_length=100, primary_key=True)
    revision = models.BigIntegerField(help_text="number of the catalogue's revision that brought it")
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.listing


class Observation(models.Model):
    """What one offer said from an instant on, until the next observation of the same offer.

    Amounts are kept as text, exactly as they were quoted.
    """

    listing = models.CharField(max_length=100)
    seller = models.CharField(max_length=100)
    number = models.PositiveIntegerField(help_text="which of the seller's offers for the listing, from 1")
    withdrawn = models.BooleanField(help_text="the offer is gone; nothing else is said")
    currency = models.CharField(max_length=3, blank=True)
    price = models.CharField(max_length=24, blank=True, help_text="of one unit; blank: not stated")
    breaks = models.TextField(blank=True, help_text='JSON: [[10, "90.00"], …] from this quantity on, this unit price')
    stock = models.BigIntegerField(null=True)
    lead_time_days = models.IntegerField(null=True)
    valid_until = models.DateField(null=True)
    release = models.CharField(max_length=200, help_text="label of the offer: who may read it")
    listing_release = models.CharField(max_length=200, help_text="label of the listing at that time")
    grade = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="title of the offer's source")
    source_url = models.CharField(max_length=1000, blank=True)
    source_date = models.DateField(null=True)
    observed = models.DateField(null=True, help_text="the day for which the source says it")
    revision = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["listing"], name="observation_listing")]

    def __str__(self) -> str:
        return f"{self.listing} {self.seller} {self.number} {self.at:%Y-%m-%d}"


class Rate(models.Model):
    """One reference rate: how much of ``currency`` one euro bought on a day, as the European Central Bank put it."""

    date = models.DateField()
    currency = models.CharField(max_length=3)
    rate = models.CharField(max_length=24, help_text="as published")
    file = models.CharField(max_length=300)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")

    class Meta:
        ordering = ["date", "currency"]
        constraints = [models.UniqueConstraint(fields=["date", "currency"], name="rate_once_a_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.currency} {self.rate}"
