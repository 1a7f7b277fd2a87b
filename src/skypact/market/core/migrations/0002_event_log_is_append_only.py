"""The database refuses UPDATE and DELETE (and PostgreSQL's TRUNCATE) on the event log."""

from django.db import migrations

REFUSAL = "the event log is append-only"

SQLITE = {
    act: f"""
    CREATE TRIGGER core_event_no_{act.lower()} BEFORE {act} ON core_event
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """
    for act in ("UPDATE", "DELETE")
}
POSTGRESQL = (
    f"""
    CREATE FUNCTION core_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER core_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_event
    FOR EACH STATEMENT EXECUTE FUNCTION core_event_refuse()
    """,
)
STATEMENTS = {"sqlite": tuple(SQLITE.values()), "postgresql": POSTGRESQL}


def add_triggers(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(add_triggers)]
