"""The database refuses UPDATE and DELETE on the history of prices and on exchange rates."""

from django.db import migrations

from skypact.market.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("prices", "0001_initial")]
    operations = [
        append_only("prices_arrival", refusal="the history of prices is append-only"),
        append_only("prices_observation", refusal="the history of prices is append-only"),
        append_only("prices_rate", refusal="exchange rates are append-only"),
    ]
