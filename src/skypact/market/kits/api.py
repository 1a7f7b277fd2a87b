"""The REST interface under ``/api/v1/kits``."""

from ninja import Router

router = Router(tags=["kits"])
