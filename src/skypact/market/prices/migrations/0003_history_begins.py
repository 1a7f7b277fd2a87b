"""The history begins with what the catalogue holds: each listing's offers, at the revision that last wrote it."""

import json
from types import SimpleNamespace

from django.db import migrations

from skypact.market.core.access import Actor
from skypact.market.prices.actions import note_offers
from skypact.schema import Offer


def begin(apps, schema_editor):
    listings = apps.get_model("catalogue", "Listing").objects.select_related("revision").order_by("pk")
    for row in listings.iterator(chunk_size=500):
        offers = [Offer.model_validate(offer) for offer in json.loads(row.document).get("offers", ())]
        record = SimpleNamespace(id=row.slug, release=row.release, offers=[] if row.withdrawn else offers)
        note_offers([record], revision=row.revision_id, at=row.revision.at, actor=Actor.system("migration"))


class Migration(migrations.Migration):
    dependencies = [("prices", "0002_append_only"), ("catalogue", "0004_search_engine")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
