"""The published contract (OpenAPI) of the REST interface, with what holds for every address in it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI

from skypact.market.core.problems import MEDIA_TYPE, ProblemDocument

_PARAMETERS = "A query parameter that an address does not know is refused with 422: nothing is answered without it."
_REFERENCE = "#/components/schemas/ProblemDocument"
_REFUSED = {
    "description": "Refused: malformed, not allowed, not there, asked too often. The problem document says why.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE}}},
}


class Interface(NinjaAPI):
    """The REST interface. Its contract says that refusals are problem documents, which ninja alone cannot say, and that
    parameters which an address does not know are refused.
    """

    def get_openapi_schema(self, **given: Any) -> Any:
        """The contract as OpenAPI."""
        document = super().get_openapi_schema(**given)
        document["info"]["description"] = _PARAMETERS
        document.setdefault("components", {}).setdefault("schemas", {})["ProblemDocument"] = (
            ProblemDocument.model_json_schema()
        )
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST:
                        _say_problem(answer)
                answers = {str(status): answer for status, answer in operation["responses"].items()}
                operation["responses"] = {**answers, "default": _REFUSED}
        return document


def _say_problem(answer: dict[str, Any]) -> None:
    """Names the media type of a problem document; an address with a report of its own may answer with either."""
    content = answer.setdefault("content", {})
    if content.get("application/json", {}).get("schema", {}).get("$ref") == _REFERENCE:
        del content["application/json"]
    content[MEDIA_TYPE] = {"schema": {"$ref": _REFERENCE}}
