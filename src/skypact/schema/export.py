"""The published form of the data model: one JSON Schema document with every model in it."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

import skypact.schema
from skypact.schema.base import Model

IDENTIFIER = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of all public models, under ``$defs`` by name, as they are read from a file."""
    public = [getattr(skypact.schema, name) for name in skypact.schema.__all__]
    models = [item for item in public if isinstance(item, type) and issubclass(item, Model) and item is not Model]
    _, document = models_json_schema([(model, "validation") for model in models], title="skypact data model")
    return {"$schema": IDENTIFIER, **document}
