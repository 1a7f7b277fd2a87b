"""Tables that only grow: the database itself refuses UPDATE and DELETE on them, and PostgreSQL's TRUNCATE."""

from __future__ import annotations

from django.db import migrations


def append_only(table: str, *, refusal: str) -> migrations.RunPython:
    """A migration step that arms ``table``; whoever tries to change it gets the message ``refusal``."""
    create = {
        "sqlite": [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            for act in ("UPDATE", "DELETE")
        ],
        "postgresql": [
            f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
        ],
    }
    drop = {
        "sqlite": [f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete"],
        "postgresql": [f"DROP TRIGGER {table}_append_only ON {table}", f"DROP FUNCTION {table}_refuse()"],
    }

    def arm(apps, schema_editor):
        for statement in create[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    def disarm(apps, schema_editor):
        for statement in drop[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return migrations.RunPython(arm, disarm)
