"""What differs between two versions of a record, field by field, in the reader's words.

The comparison walks the schema itself, so that no field of it can change without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from skypact.market.suppliers import wording
from skypact.market.suppliers.identity import paired
from skypact.schema import Claim, Evidence, Listing, Model, Money


class Mark(TextChoices):
    """What a reader should not overlook in a difference."""

    PRICE_RISE = "price_rise", _("price raised")
    GRADE_RISE = "grade_rise", _("grade raised")
    EVIDENCE_GONE = "evidence_gone", _("evidence removed")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field that differs; an empty text is "nothing there"."""

    where: tuple[str, ...]
    """the way to the field in words: ``("Sensor: Radar", "Range: detect, small drone", "Range")``"""
    before: str
    after: str
    share: float | None = None
    """the change of a number or price as a share of what it was"""
    mark: Mark | None = None

    @property
    def percent(self) -> str:
        """The change in per cent with its sign; empty where it is none of a number."""
        return "" if self.share is None else f"{self.share * 100:+.3g} %"


def differences(before: Model | None, after: Model) -> list[Difference]:
    """Every field in which ``after`` differs from ``before``; without a ``before``, every field that says something."""
    return list(_walk(before, after, ()))


def _walk(before: Model | None, after: Model | None, where: tuple[str, ...]) -> Iterator[Difference]:
    some = after if after is not None else before
    assert some is not None  # noqa: S101 (one of the two is there)
    for name, field in type(some).model_fields.items():
        nothing = None if field.is_required() else field.get_default(call_default_factory=True)
        was = nothing if before is None else getattr(before, name)
        now = nothing if after is None else getattr(after, name)
        if was != now:
            yield from _field(name, was, now, where)


def _field(name: str, was: object, now: object, where: tuple[str, ...]) -> Iterator[Difference]:
    some = now if now not in (None, ()) else was
    here = (*where, wording.field_name(name))
    if isinstance(some, Money):
        yield _money(was, now, here)
    elif isinstance(some, Evidence):
        yield from _evidence(was, now, here)
    elif isinstance(some, Model):
        yield from _walk(was, now, here)
    elif isinstance(some, tuple) and isinstance(some[0], Model):
        for old, new in paired(was or (), now or ()):
            yield from _part(name, old, new, where)
    else:
        share = _share(was, now)
        yield Difference(where=here, before=wording.value_text(was), after=wording.value_text(now), share=share)


def _part(name: str, old: Model | None, new: Model | None, where: tuple[str, ...]) -> Iterator[Difference]:
    some = new if new is not None else old
    assert some is not None  # noqa: S101 (a pair has at least one side)
    if isinstance(some, Evidence):
        yield from _evidence(old, new, (*where, wording.field_name(name)))
        return
    found = list(_walk(old, new, (*where, wording.part_name(name, some))))
    if not found:  # a part that says nothing beyond its name comes or goes
        here = (*where, wording.field_name(name))
        texts = ("", wording.part_name(name, some)) if old is None else (wording.part_name(name, some), "")
        found = [Difference(where=here, before=texts[0], after=texts[1])]
    yield from found


def _evidence(old: object, new: object, here: tuple[str, ...]) -> Iterator[Difference]:
    """Two versions of one claim or evidence: a claim that comes or goes is one line, a changed one a line a field."""
    if isinstance(old, Evidence) and isinstance(new, Evidence):
        yield from _told_anew(old, new, here)
    elif isinstance(new, Evidence):
        yield Difference(where=here, before="", after=_in_full(new))
    elif isinstance(old, Evidence):
        yield Difference(where=here, before=_in_full(old), after="", mark=Mark.EVIDENCE_GONE)


def _told_anew(old: Evidence, new: Evidence, here: tuple[str, ...]) -> Iterator[Difference]:
    if isinstance(old, Claim) and isinstance(new, Claim) and (old.value, old.unit) != (new.value, new.unit):
        share = _share(old.value, new.value) if old.unit == new.unit else None
        yield Difference(where=here, before=wording.claim_text(old), after=wording.claim_text(new), share=share)
    for name in Evidence.model_fields:
        was, now = getattr(old, name), getattr(new, name)
        if was == now:
            continue
        if name == "grade":
            mark = Mark.GRADE_RISE if new.grade.rank > old.grade.rank else None
            texts = (wording.value_text(was), wording.value_text(now))
            yield Difference(where=(*here, wording.field_name(name)), before=texts[0], after=texts[1], mark=mark)
        else:
            yield from _field(name, was, now, here)


def _in_full(evidence: Evidence) -> str:
    told = wording.evidence_text(evidence)
    return f"{wording.claim_text(evidence)} ({told})" if isinstance(evidence, Claim) else told


def _money(was: object, now: object, here: tuple[str, ...]) -> Difference:
    share = None
    if isinstance(was, Money) and isinstance(now, Money) and was.currency == now.currency and was.amount:
        share = float((now.amount - was.amount) / was.amount)
    texts = (str(was) if isinstance(was, Money) else "", str(now) if isinstance(now, Money) else "")
    mark = Mark.PRICE_RISE if share is not None and share > 0 else None
    return Difference(where=here, before=texts[0], after=texts[1], share=share, mark=mark)


def _share(was: object, now: object) -> float | None:
    numbers = [value for value in (was, now) if isinstance(value, int | float) and not isinstance(value, bool)]
    return (numbers[1] - numbers[0]) / abs(numbers[0]) if len(numbers) == 2 and numbers[0] else None


def price_rise(before: Listing, after: Listing) -> float | None:
    """The greatest rise of an offer's price or quantity price, as a share; ``None`` where none rose."""
    was = {offer.seller: offer for offer in before.offers}
    rises = []
    for offer in after.offers:
        old = was.get(offer.seller)
        if old is None or old.price is None or offer.price is None or old.price.currency != offer.price.currency:
            continue
        quantities = {1, *(step.quantity for step in (*old.quantity_breaks, *offer.quantity_breaks))}
        for quantity in quantities:
            asked, asks = old.unit_price(quantity), offer.unit_price(quantity)
            if asked is not None and asks is not None and asked.amount:
                rises.append(float((asks.amount - asked.amount) / asked.amount))
    return max((rise for rise in rises if rise > 0), default=None)
