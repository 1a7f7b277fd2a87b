"""The REST interface under ``/api/v1/catalogue``."""

from ninja import Router

router = Router(tags=["catalogue"])
