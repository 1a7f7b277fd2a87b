"""The database refuses UPDATE and DELETE (and PostgreSQL's TRUNCATE) on the event log."""

from django.db import migrations

REFUSAL = "the event log is append-only"

CREATE = {
    "sqlite": [
        f"""
        CREATE TRIGGER core_event_no_{act.lower()} BEFORE {act} ON core_event
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
        """
        for act in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"""
        CREATE FUNCTION core_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """,
        """
        CREATE TRIGGER core_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_event
        FOR EACH STATEMENT EXECUTE FUNCTION core_event_refuse()
        """,
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER core_event_no_update", "DROP TRIGGER core_event_no_delete"],
    "postgresql": ["DROP TRIGGER core_event_append_only ON core_event", "DROP FUNCTION core_event_refuse()"],
}


def arm(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def disarm(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(arm, disarm)]
