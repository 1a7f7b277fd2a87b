"""A file as a download: an attachment that no browser renders, sniffs or runs."""

from __future__ import annotations

from django.http import FileResponse

from skypact.market.documents import store
from skypact.market.documents.content import ENDINGS
from skypact.schema import Document, MediaType

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
_TEXTS = (MediaType.TEXT, MediaType.CSV)


def download(slug: str, document: Document) -> FileResponse:
    """The bytes of ``document``, read through once before they go out. Raises BrokenFileError."""
    file = store.open_checked(document.sha256)
    name = f"{slug}-{document.kind.value}-{document.sha256[:8]}.{ENDINGS[document.media_type]}"
    charset = "; charset=utf-8" if document.media_type in _TEXTS else ""
    response = FileResponse(
        file, as_attachment=True, filename=name, content_type=f"{document.media_type.value}{charset}", headers=HEADERS
    )
    response.headers["ETag"] = f'"{document.sha256}"'
    return response
