"""Searching leaves the database: no traits, no text table, no indexes for sorting; cards for what is stored."""

import secrets

from django.db import migrations, models


def fill(apps, schema_editor):
    """Give stored listings their cards, and the latest revision a segment, which the first search writes."""
    from skypact import schema
    from skypact.market.catalogue.cards import card_of

    listings = apps.get_model("catalogue", "Listing").objects
    for key, document in listings.values_list("pk", "document").iterator(chunk_size=500):
        listings.filter(pk=key).update(card=card_of(schema.Listing.model_validate_json(document)))
    revisions = apps.get_model("catalogue", "Revision").objects
    latest = revisions.order_by("-number").first()
    if latest is not None:
        revisions.filter(pk=latest.pk).update(segment=secrets.token_hex(16))


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_withdrawn_card_segment")]
    operations = [
        migrations.RunSQL("DROP TABLE catalogue_listingtext"),
        migrations.DeleteModel(name="ListingText"),
        migrations.DeleteModel(name="Trait"),
        migrations.RemoveIndex(model_name="listing", name="listing_name"),
        migrations.RemoveIndex(model_name="listing", name="listing_shelf"),
        migrations.AlterField(
            model_name="listing",
            name="card",
            field=models.TextField(help_text="JSON: what a list shows of the listing"),
        ),
        migrations.RunPython(fill),
    ]
