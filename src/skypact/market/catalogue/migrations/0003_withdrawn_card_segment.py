from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_text_index")]
    operations = [
        migrations.AddField(
            model_name="listing",
            name="card",
            field=models.TextField(blank=True, default="", help_text="JSON: what a list shows of the listing"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="listing",
            name="withdrawn",
            field=models.DateField(help_text="since when the vendor no longer offers it", null=True),
        ),
        migrations.AddField(
            model_name="revision",
            name="segment",
            field=models.CharField(
                blank=True,
                default="",
                help_text="folder of the index with the listings last changed after the segment before and up to this"
                " revision",
                max_length=64,
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("segment", ""), _negated=True), fields=["number"], name="revision_segment"
            ),
        ),
    ]
