"""Puts the file of a form into the store as it arrives, and stops reading once it cannot be taken."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.utils.translation import gettext as _

from skypact.market.documents.content import LIMITS, RefusedFileError, TooLargeError, too_large
from skypact.market.documents.store import Incoming, Taken

_LARGEST = max(LIMITS, key=LIMITS.__getitem__)
#: What a form may hold beside its file.
_FORM_BYTES = 64 * 1024


class ArrivedFile(UploadedFile):
    """A file of a form that lies in the store's anteroom until it is kept; closing it leaves nothing."""

    def __init__(self, incoming: Incoming, name: str, size: int) -> None:
        super().__init__(name=name, size=size)
        self._incoming = incoming

    def keep(self) -> Taken:
        """Into the store. Raises RefusedFileError."""
        return self._incoming.keep()

    def close(self) -> None:
        self._incoming.close()


class StoreUploadHandler(FileUploadHandler):
    """Writes the one file of a form into the store's anteroom. ``refused`` says why it stopped, if it did.

    What is left of the request is then read and dropped, so that the reader sees the reason and not a broken
    connection; :func:`prepare` has bounded how much that can be.
    """

    file: Incoming
    """under this name Django finds it to close it when a request breaks off"""

    def __init__(self, request: HttpRequest, *, room: int | None) -> None:
        super().__init__(request)
        self._room = room
        self.refused: RefusedFileError | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if hasattr(self, "file"):
            self._refuse(RefusedFileError(_("one file at a time")))
        self.file = Incoming(room=self._room)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            self.file.write(raw_data)
        except RefusedFileError as error:
            self._refuse(error)

    def _refuse(self, error: RefusedFileError) -> None:
        self.refused = error
        self.file.close()
        raise StopUpload(connection_reset=False)

    def file_complete(self, file_size: int) -> ArrivedFile:
        return ArrivedFile(self.file, self.file_name or "file", file_size)

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


def prepare(request: HttpRequest, *, room: int | None) -> StoreUploadHandler:
    """Have the file of ``request`` go to the store. Raises TooLargeError where its announced length says enough.

    ``room`` is how many bytes its giver may still give, ``None`` without a quota.
    To be called before anything looks at ``request.POST``.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > LIMITS[_LARGEST] + _FORM_BYTES:
        raise TooLargeError(too_large(_LARGEST))
    handler = StoreUploadHandler(request, room=room)
    request.upload_handlers = [handler]
    return handler
