from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("listing", models.CharField(help_text="slug", max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("size_bytes", models.PositiveBigIntegerField()),
                (
                    "vendor",
                    models.CharField(blank=True, help_text="slug of the vendor for whom it was given", max_length=100),
                ),
                ("by", models.CharField(help_text="as the event log names the actor", max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["vendor"], name="attachments_of_vendor")],
                "constraints": [models.UniqueConstraint(fields=("listing", "sha256"), name="attachment_once")],
            },
        ),
    ]
