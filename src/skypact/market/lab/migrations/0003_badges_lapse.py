"""Badges from before labs measured how much of an exchange was heard: nobody can tell whether it was enough.

The signed statements stay as they are, and verify. A new test earns the badge again.
"""

from django.db import migrations, models


def lapse(apps, schema_editor):
    for row in apps.get_model("lab", "Result").objects.all().iterator():
        if row.rungs.get("exchange") == "conforms":
            row.rungs["exchange"] = "cannot tell"
            row.badge = False
            row.save(update_fields=["rungs", "badge"])


class Migration(migrations.Migration):
    dependencies = [("lab", "0002_what_a_result_says")]

    operations = [
        migrations.AlterField(
            model_name="result",
            name="badge",
            field=models.BooleanField(
                default=False, help_text="whether the statement earns one, trust and dates apart"
            ),
        ),
        migrations.RunPython(lapse, migrations.RunPython.noop),
    ]
