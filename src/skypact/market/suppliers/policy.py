"""What a vendor may say of itself: refusals with their remedies, beyond what the open data model refuses.

None of them tells whether a record exists that the vendor may not see: a refusal follows from the file, from the
vendor's own visible listings and from the public list of vendors alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from skypact.exchange.catalogue import Record, RowProblem
from skypact.market.catalogue.keeping import Stored
from skypact.market.catalogue.kept import digest_of, document_of
from skypact.market.catalogue.releasability import labels, may_read
from skypact.market.core.access import Actor
from skypact.market.suppliers.merging import seen_listing
from skypact.schema import DocumentKind, Evidence, Grade, Listing, Model, Provenance, Vendor
from skypact.schema.problems import shown


@dataclass(frozen=True, kw_only=True)
class VendorPolicy:
    """What the person behind ``actor`` may say for ``vendor``."""

    actor: Actor
    vendor: str
    own: Mapping[str, Stored]
    """the vendor's listings that the actor sees, by id"""
    vendors: Collection[str]
    hidden: Collection[str]
    seen: dict[str, Listing] = field(default_factory=dict)
    """what the actor sees of each of them, as far as it has been asked"""

    def __call__(self, record: Record, row: int | None) -> tuple[RowProblem, ...]:
        """The problems of one record of the file."""
        problems = self._vendor(record) if isinstance(record, Vendor) else self._listing(record)
        return tuple(
            RowProblem(row=row, field=place, value=shown(value), remedy=text) for place, value, text in problems
        )

    def _vendor(self, record: Vendor) -> Iterator[tuple[str, str, str]]:
        if record.id != self.vendor:
            yield "vendor", record.id, f"only {self.vendor} may be described here: take other vendors out"

    def _listing(self, record: Listing) -> Iterator[tuple[str, str, str]]:
        if record.vendor != self.vendor:
            yield "vendor", record.vendor, f"only listings of {self.vendor} may stand here: take this row out"
            return
        if record.id not in self.own and not self._may_name(record.id):
            yield "id", record.id, f"a new id of {self.vendor} begins with {self.vendor}-; correct it"
            return
        stored = self.own.get(record.id)
        if stored is not None and stored.digest == digest_of(document_of(record)):
            return
        before = None if stored is None else self.live(stored)
        if record == before:
            return
        yield from self._labels(record, before)
        yield from self._grades(record, before)
        yield from self._others_words(record, before)

    def live(self, stored: Stored) -> Listing:
        """What the actor sees of one of the vendor's own listings."""
        if stored.slug not in self.seen:
            self.seen[stored.slug] = seen_listing(stored.record, self.actor, self.hidden)
        return self.seen[stored.slug]

    def _may_name(self, slug: str) -> bool:
        """Whether ``slug`` begins with the vendor's own id, and with no longer one: acme-korea-x is not acme's."""
        prefixes = [vendor for vendor in self.vendors if slug.startswith(f"{vendor}-")]
        return max(prefixes, key=len, default="") == self.vendor

    def _labels(self, record: Listing, before: Listing | None) -> Iterator[tuple[str, str, str]]:
        known = set() if before is None else set(labels(before))
        for label in sorted(set(labels(record)) - known):
            if not may_read(self.actor, label):
                yield (
                    "release",
                    label,
                    "use a release that you may read yourself: PUBLIC, REGISTERED or REL with your nation",
                )

    def _grades(self, record: Listing, before: Listing | None) -> Iterator[tuple[str, str, str]]:
        accepted = [] if before is None else [evidence for _, evidence in _evidences(before)]
        reported = any(document.kind is DocumentKind.TEST_REPORT for document in record.documents)
        for place, evidence in _evidences(record):
            if evidence in accepted:
                continue
            if evidence.provenance is Provenance.SYNTHETIC and not record.synthetic:
                yield place, "synthetic", "a real product takes no synthetic values: take this one out"
            if evidence.grade.rank < Grade.TESTED.rank:
                continue
            if evidence.test is None:
                text = "needs its test: method and who conducted it; or grade it stated or documented"
                yield place, evidence.grade.value, text
            elif not reported:
                text = "needs a test report among the listing's documents; or grade it stated or documented"
                yield place, evidence.grade.value, text

    def _others_words(self, record: Listing, before: Listing | None) -> Iterator[tuple[str, str, str]]:
        offers = () if before is None else before.offers
        for offer in record.offers:
            if offer.seller != self.vendor and offer not in offers:
                text = "an offer of another seller stays as it is: take yours under your own name"
                yield "offers.seller", offer.seller, text
        scores = () if before is None else before.scores
        for score in record.scores:
            if score not in scores:
                text = "assurance scores are given by assessors, not by the vendor: take it out"
                yield "scores", "" if score.score is None else str(score.score), text


def _evidences(model: Model, path: str = "") -> Iterator[tuple[str, Evidence]]:
    """Every evidence and claim inside ``model`` with its place as the columns of a file name it."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        items = value if isinstance(value, tuple) else (value,)
        for number, item in enumerate(items, start=1):
            if not isinstance(item, Model):
                continue
            place = f"{path}{name}" if number == 1 else f"{path}{name}.{number}"
            if isinstance(item, Evidence):
                yield f"{place}.grade", item
            else:
                yield from _evidences(item, f"{place}.")
