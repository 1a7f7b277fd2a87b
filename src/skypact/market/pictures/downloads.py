"""Files made of a picture: the tracks for maps, command systems and SAPIENT nodes, the signed statement for others."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import Http404, HttpResponse

from skypact.conformance.picture import PictureReport
from skypact.conformance.picture.sending import Form, as_cot, as_sapient, node_of

_Made = tuple[bytes, str, str]
"""Content, media type, ending of the file's name."""


def _geojson(report: PictureReport) -> _Made:
    return json.dumps(report.geojson(), ensure_ascii=False).encode(), "application/geo+json", "geojson"


def _cot(report: PictureReport) -> _Made:
    """Events one after another, as a stream of Cursor on Target has them."""
    return b"\n".join(event for _, event in as_cot(report, Form.XML)), "application/octet-stream", "cot"


def _sapient(report: PictureReport) -> _Made:
    """Messages one after another, each after its length, as streams of the standard have them."""
    messages = [message for _, message in as_sapient(report, node=node_of(report))]
    return b"".join(messages), "application/octet-stream", "sapient"


FILES: dict[str, Callable[[PictureReport], _Made]] = {"geojson": _geojson, "cot": _cot, "sapient": _sapient}


def download(report: PictureReport, kind: str, *, name: str) -> HttpResponse:
    """The file of that kind. Raises Http404 for a kind that is not made."""
    if kind not in FILES:
        raise Http404(f"a picture is no {kind}")
    content, media_type, ending = FILES[kind](report)
    return attachment(content, media_type, f"{name}.{ending}")


def attachment(content: bytes | str, media_type: str, name: str) -> HttpResponse:
    """A file to keep."""
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})
