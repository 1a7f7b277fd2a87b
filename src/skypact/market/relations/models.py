"""What one listing says of another one. Both are named by their ids, so that nothing here needs the catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What the first listing is to the second."""

    VARIANT = "variant", _("configuration of")
    SPARE = "spare", _("spare or consumable for")
    SUBSTITUTE = "substitute", _("has as substitute")


class Relation(models.Model):
    """``source`` is a configuration of, a spare for, or has as substitute ``target``."""

    source = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    target = models.CharField(max_length=100)

    class Meta:
        ordering = ["target", "kind", "source"]
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "target"], name="relation_once"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="relation_kind_known"),
        ]
        indexes = [models.Index(fields=["target", "kind", "source"], name="relation_from_target")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.target}"
