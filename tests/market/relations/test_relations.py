"""Relations follow every write of the catalogue and are read from their other end."""

import importlib

import pytest
from django.apps import apps
from tests.market.catalogue.samples import STAFF, listing, stock

from skypact.market.catalogue.actions import EditListing
from skypact.market.catalogue.models import Listing
from skypact.market.relations.models import Kind, Relation
from skypact.market.relations.reading import relations_in
from skypact.market.relations.selectors import pointing_to

pytestmark = pytest.mark.django_db


def kept() -> list[str]:
    return [str(relation) for relation in Relation.objects.all()]


def test_a_document_tells_its_relations_in_either_form_of_a_spare() -> None:
    assert list(
        relations_in('{"id":"a","spare_for":["b",{"listing":"c"}],"variant_of":"d","substitutes":["e","e"]}')
    ) == [
        ("variant", "d"),
        ("spare", "b"),
        ("spare", "c"),
        ("substitute", "e"),
    ]
    assert list(relations_in('{"id":"a","summary":"it says \\"spare_for\\" only"}')) == []


def test_import_and_edit_keep_the_relations_of_what_they_write() -> None:
    stock(
        listing(),
        listing("acme-pole", variant_of="acme-mast"),
        listing("acme-rope", category="spare", spare_for=["acme-mast", "acme-pole"], substitutes=["acme-pole"]),
    )
    assert kept() == [
        "acme-rope spare acme-mast",
        "acme-pole variant acme-mast",
        "acme-rope spare acme-pole",
        "acme-rope substitute acme-pole",
    ]
    changed = listing("acme-rope", category="spare", spare_for=["acme-mast"])
    digest = Listing.objects.get(slug="acme-rope").digest
    EditListing(actor=STAFF, slug="acme-rope", document=changed.model_dump_json(), seen_digest=digest).execute()
    assert kept() == ["acme-rope spare acme-mast", "acme-pole variant acme-mast"]
    stock(listing("acme-pole"))
    assert kept() == ["acme-rope spare acme-mast"]
    assert pointing_to(["acme-mast", "acme-pole"]) == [("acme-rope", Kind.SPARE, "acme-mast")]
    assert pointing_to(["acme-mast"], (Kind.VARIANT,)) == []


def test_the_migration_reads_listings_that_were_there_before() -> None:
    stock(listing(), listing("acme-pole", variant_of="acme-mast"))
    Relation.objects.all().delete()
    migration = importlib.import_module("skypact.market.relations.migrations.0001_initial")
    migration.note_what_is_there(apps, None)
    assert kept() == ["acme-pole variant acme-mast"]
