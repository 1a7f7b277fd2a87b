"""The full-text index: FTS5 on SQLite, tsvector with GIN on PostgreSQL."""

from django.db import migrations

from skypact.market.catalogue.search import create_table


def create(apps, schema_editor):
    create_table(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(create)]
