"""The full-text index of the database: FTS5 on SQLite, tsvector with GIN on PostgreSQL. Migration 0003 drops it."""

from django.db import migrations

CREATE = {
    "postgresql": [
        "CREATE TABLE catalogue_listingtext (rowid bigint PRIMARY KEY REFERENCES catalogue_listing (id)"
        " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, catalogue_listingtext tsvector NOT NULL)",
        "CREATE INDEX listing_text ON catalogue_listingtext USING gin (catalogue_listingtext)",
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE catalogue_listingtext USING fts5(name, body, prefix='2 3',"
        " tokenize='unicode61 remove_diacritics 0')",
        "INSERT INTO catalogue_listingtext (catalogue_listingtext, rank) VALUES ('rank', 'bm25(10.0, 1.0)')",
    ],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(create)]
