"""Searching leaves the database: no traits, no text table, no indexes for sorting; cards for what is stored."""

import secrets

from django.db import migrations, models


def fill(apps, schema_editor):
    """Bring stored records to today's schema, give listings their cards, and the latest revision a segment."""
    from skypact import schema
    from skypact.market.catalogue.kept import keep_listing, keep_vendor
    from skypact.market.catalogue.upgrading import upgraded

    for name, model, keep in (("Vendor", schema.Vendor, keep_vendor), ("Listing", schema.Listing, keep_listing)):
        rows = apps.get_model("catalogue", name).objects
        for key, document in rows.values_list("pk", "document").iterator(chunk_size=500):
            kept = keep(model.model_validate_json(upgraded(document)))
            card = {"card": kept.card} if name == "Listing" else {}
            rows.filter(pk=key).update(document=kept.document, digest=kept.digest, **card)
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
