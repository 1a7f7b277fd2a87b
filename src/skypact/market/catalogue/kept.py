"""A record on its way into the catalogue: all that is stored of it, told once while the validated record is at hand."""

from __future__ import annotations

import hashlib
import re
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from skypact import schema
from skypact.engines.search import Fact
from skypact.market.catalogue.cards import card_of
from skypact.market.catalogue.facts import facts_of

_OFFERS = TypeAdapter(tuple[schema.Offer, ...])
_LABEL = re.compile(r'"release":"([^"]+)"')


class KeptVendor(NamedTuple):
    """A vendor as it is stored."""

    row: int | None
    slug: str
    digest: str
    document: str
    name: str
    name_ko: str
    nation: str

    @property
    def kind(self) -> str:
        """``vendor``."""
        return "vendor"


class KeptListing(NamedTuple):
    """A listing as it is stored, found and listed."""

    row: int | None
    slug: str
    digest: str
    document: str
    name: str
    name_ko: str
    vendor: str
    category: str
    release: str
    labels: str
    card: str
    names: str
    """what it is found by with more weight: ids, names, part and stock numbers"""
    text: str
    """what else it is found by: what every reader of the listing may read"""
    facts: tuple[Fact, ...]
    offers: tuple[schema.Offer, ...]

    @property
    def kind(self) -> str:
        """``listing``."""
        return "listing"

    @property
    def id(self) -> str:
        """The listing's id."""
        return self.slug


Kept = KeptVendor | KeptListing


def keep_vendor(record: schema.Vendor, row: int | None = None) -> KeptVendor:
    """``record`` as it is stored."""
    document = document_of(record)
    return KeptVendor(
        row, record.id, digest_of(document), document, record.name, record.name_ko or "", record.nation or ""
    )


def keep_listing(record: schema.Listing, row: int | None = None) -> KeptListing:
    """``record`` as it is stored."""
    document = document_of(record)
    names = (record.id, record.name, record.name_ko, record.part_number, record.nsn)
    texts = (record.category.value, record.summary, record.summary_ko)
    return KeptListing(
        row=row,
        slug=record.id,
        digest=digest_of(document),
        document=document,
        name=record.name,
        name_ko=record.name_ko or "",
        vendor=record.vendor,
        category=record.category.value,
        release=record.release,
        labels="\n".join(labels_in(document)),
        card=card_of(record),
        names=" ".join(filter(None, names)),
        text=" ".join(filter(None, texts)),
        facts=tuple(facts_of(record)),
        offers=record.offers,
    )


def packed(item: Kept) -> tuple[Any, ...]:
    """``item`` in plain values, which are written and read several times quicker than objects."""
    if isinstance(item, KeptVendor):
        return tuple(item)
    offers = _OFFERS.dump_json(item.offers, exclude_defaults=True)
    return (*item[:-2], tuple(map(tuple, item.facts)), offers)


def unpacked(values: tuple[Any, ...]) -> Kept:
    """What :func:`packed` gave."""
    if len(values) == len(KeptVendor._fields):
        return KeptVendor._make(values)
    facts, offers = values[-2:]
    return KeptListing._make((*values[:-2], tuple(map(Fact._make, facts)), _OFFERS.validate_json(offers)))


def document_of(record: schema.Vendor | schema.Listing) -> str:
    """``record`` as the canonical JSON that is stored: fields in the schema's order, defaults left out."""
    return record.model_dump_json(exclude_defaults=True)


def digest_of(document: str) -> str:
    """SHA-256 of a stored document."""
    return hashlib.sha256(document.encode()).hexdigest()


def labels_in(document: str) -> list[str]:
    """Every release label inside a stored document; ``PUBLIC``, the default, is left out there.

    A quotation mark inside a text is escaped, so that the pattern meets labels only.
    """
    return sorted({"PUBLIC", *_LABEL.findall(document)})
