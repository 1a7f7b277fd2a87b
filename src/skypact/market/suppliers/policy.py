"""What a vendor may say of itself: refusals with their remedies, beyond what the open data model refuses.

None of them tells whether a record exists that the vendor may not see: a refusal follows from the file, from the
vendor's own visible listings and from the public list of vendors alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from skypact.exchange.catalogue import Record, RowProblem
from skypact.market.catalogue.releasability import may_read
from skypact.market.core.access import Actor
from skypact.schema import DocumentKind, Evidence, Grade, Listing, Model, Provenance, Vendor
from skypact.schema.problems import shown


@dataclass(frozen=True, kw_only=True)
class VendorPolicy:
    """What the person behind ``actor`` may say for ``vendor``."""

    actor: Actor
    vendor: str
    own: Collection[str]
    """ids of the vendor's listings that the actor sees"""
    vendors: Collection[str]
    readable: Collection[str]
    """release labels of the catalogue that the actor may read"""

    def problems(self, record: Record, row: int | None, before: Listing | None) -> tuple[RowProblem, ...]:
        """What is wrong with one record of the file, where ``before`` is what the actor sees live under its id."""
        found = self._vendor(record) if isinstance(record, Vendor) else self._listing(record, before)
        return tuple(RowProblem(row=row, field=place, value=shown(value), remedy=text) for place, value, text in found)

    def _vendor(self, record: Vendor) -> Iterator[tuple[str, str, str]]:
        if record.id != self.vendor:
            yield "vendor", record.id, f"only {self.vendor} may be described here: take other vendors out"
            return
        yield from self._labels({evidence.release for evidence in record.evidence})

    def _listing(self, record: Listing, before: Listing | None) -> Iterator[tuple[str, str, str]]:
        if record.vendor != self.vendor:
            yield "vendor", record.vendor, f"only listings of {self.vendor} may stand here: take this row out"
            return
        if record.id not in self.own and not self._may_name(record.id):
            yield "id", record.id, f"a new id of {self.vendor} begins with {self.vendor}-; correct it"
            return
        told = list(_evidences(record))
        yield from self._labels({record.release, *(evidence.release for _, evidence in told)})
        yield from self._grades(record, told, before)
        yield from self._others_words(record, before)

    def _may_name(self, slug: str) -> bool:
        """Whether ``slug`` begins with the vendor's own id, and with no longer one: acme-korea-x is not acme's."""
        prefixes = [vendor for vendor in self.vendors if slug.startswith(f"{vendor}-")]
        return max(prefixes, key=len, default="") == self.vendor

    def _labels(self, labels: Collection[str]) -> Iterator[tuple[str, str, str]]:
        text = "use a release that you may read yourself: PUBLIC, REGISTERED or REL with your nation"
        for label in sorted(labels):
            if label not in self.readable and not may_read(self.actor, label):
                yield "release", label, text

    def _grades(
        self, record: Listing, told: Sequence[tuple[str, Evidence]], before: Listing | None
    ) -> Iterator[tuple[str, str, str]]:
        made_up = () if record.synthetic else (Provenance.SYNTHETIC,)

        def doubtful(evidence: Evidence) -> bool:
            return evidence.grade in (Grade.TESTED, Grade.FIELDED) or evidence.provenance in made_up

        told = [(place, evidence) for place, evidence in told if doubtful(evidence)]
        if not told:
            return
        accepted = set() if before is None else {evidence for _, evidence in _evidences(before) if doubtful(evidence)}
        reported = any(document.kind is DocumentKind.TEST_REPORT for document in record.documents)
        for place, evidence in told:
            if evidence in accepted:
                continue
            if evidence.provenance in made_up:
                yield place, "synthetic", "a real product takes no synthetic values: take this one out"
            elif evidence.test is None:
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
        documents = () if before is None else before.documents
        for document in record.documents:
            if document not in documents:
                text = "a file is attached on the page of its listing, once that is live: take it out here"
                yield "documents", document.title, text
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
