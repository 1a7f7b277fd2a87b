"""The published data model."""

import json
from pathlib import Path

import jsonschema
from typer.testing import CliRunner

import skypact.schema
from skypact.cli.main import app
from skypact.schema.base import Model


def test_document_is_valid_json_schema_and_holds_every_model(tmp_path: Path) -> None:
    file = tmp_path / "skypact.json"
    assert CliRunner().invoke(app, ["schema", "export", "--output", str(file)]).exit_code == 0
    document = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    public = [getattr(skypact.schema, name) for name in skypact.schema.__all__]
    models = {one.__name__ for one in public if isinstance(one, type) and issubclass(one, Model)} - {"Model"}
    assert {name.translate({ord("["): "_", ord("]"): "_"}) for name in models} - set(document["$defs"]) == set()


def test_standard_output_carries_the_same_document(tmp_path: Path) -> None:
    file = tmp_path / "skypact.json"
    CliRunner().invoke(app, ["schema", "export", "--output", str(file)])
    assert CliRunner().invoke(app, ["schema", "export"]).output == file.read_text(encoding="utf-8")
