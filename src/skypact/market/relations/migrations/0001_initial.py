from django.db import migrations, models

from skypact.market.relations.reading import relations_in


def note_what_is_there(apps, schema_editor):
    """Relations of the listings that were stored before this app came."""
    relation = apps.get_model("relations", "Relation")
    stored = apps.get_model("catalogue", "Listing").objects.values_list("slug", "document")
    relation.objects.bulk_create(
        (
            relation(source=slug, kind=kind, target=target)
            for slug, document in stored.iterator(chunk_size=500)
            for kind, target in relations_in(document)
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("variant", "configuration of"),
                            ("spare", "spare or consumable for"),
                            ("substitute", "has as substitute"),
                        ],
                        max_length=10,
                    ),
                ),
                ("target", models.CharField(max_length=100)),
            ],
            options={
                "ordering": ["target", "kind", "source"],
                "indexes": [models.Index(fields=["target", "kind", "source"], name="relation_from_target")],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "kind", "target"), name="relation_once"),
                    models.CheckConstraint(
                        condition=models.Q(kind__in=["variant", "spare", "substitute"]), name="relation_kind_known"
                    ),
                ],
            },
        ),
        migrations.RunPython(note_what_is_there, migrations.RunPython.noop),
    ]
