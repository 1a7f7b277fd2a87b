"""Requirements for kit tests."""

from __future__ import annotations

from typing import Any

from skypact.schema import Circle, Requirement

PLACE = Circle.model_validate({"centre": (127.0, 37.5), "radius_m": 500})


def requirement(**changes: Any) -> Requirement:
    """A disc of 500 m, a ring 500 m outside it, one threat class at 60 m."""
    fields: dict[str, Any] = {
        "id": "test-site",
        "title": "Test",
        "site": {"name": "Field", "circle": PLACE.model_dump()},
        "buyer": {"nation": "KR", "role": "military"},
        "placement": {"spacing_m": 400, "mast_height_m": 10},
        "detection": {
            "threats": ["micro-multirotor"],
            "heights_m": [60],
            "warning_distance_m": 500,
            "share": 0.9,
            "spacing_m": 200,
        },
        "budget": {"amount": "1000000", "currency": "EUR"},
        "deadline": "2027-06-30",
    }
    for key, value in changes.items():
        fields[key] = {**fields[key], **value} if isinstance(value, dict) and key in fields else value
    return Requirement.model_validate(fields)
