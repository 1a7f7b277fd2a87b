"""Documents stay when another one takes their place, so that an earlier catalogue can be told again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_search_engine")]
    operations = [
        migrations.CreateModel(
            name="PastRecord",
            fields=[
                (
                    "digest",
                    models.CharField(
                        help_text="SHA-256 of the document", max_length=64, primary_key=True, serialize=False
                    ),
                ),
                (
                    "document",
                    models.TextField(help_text="canonical JSON of schema.Vendor or schema.Listing"),
                ),
            ],
        ),
    ]
