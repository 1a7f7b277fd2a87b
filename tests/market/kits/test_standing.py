"""A requirement that leaves equipment no other places than those named."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client
from tests.market.kits import samples

from skypact.engines.coverage import SurfaceKind, Terrain
from skypact.engines.coverage.terrain import local_projection
from skypact.engines.kit.places import lay_out
from skypact.market.kits.models import StoredKit
from skypact.market.kits.standing import only_at

PLACES = ((10.001, 50.002), (10.0123456, 50.0))


@pytest.mark.parametrize("placement", [{}, {"area": {"type": "Polygon", "coordinates": [samples.SQUARE]}}])
def test_nothing_is_left_of_the_grid(placement: dict[str, object]) -> None:
    kit = samples.kit(requirement=samples.requirement(placement=placement).model_dump(mode="json"))
    asked = only_at(kit, PLACES)
    ground = Terrain(
        np.zeros((61, 61)), -3000.0, 3000.0, 100.0, 100.0, local_projection(10.0, 50.0), SurfaceKind.SYNTHETIC, "", ""
    )
    circle = asked.site.circle
    assert circle is not None
    found = lay_out(asked, circle, ground).positions
    lon, lat = ground.to_lonlat(*found.T)
    assert [(round(float(x), 7), round(float(y), 7)) for x, y in zip(lon, lat, strict=True)] == list(PLACES)
    assert asked.model_copy(update={"placement": kit.requirement.placement}) == kit.requirement


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stand", "words"),
    [
        ("east,north", "line 1"),
        ("1,2,3", "longitude, latitude"),
        ("500,90", "placement: points.0.0"),
        ("nan,1", "placement: points.0.0"),
    ],
)
def test_places_that_are_none_are_said_on_the_form(stand: str, words: str) -> None:
    StoredKit.objects.create(
        id="harbour-kit", owner=None, title="Harbour", site_name="Harbour", status="optimal", currency="EUR",
        document=samples.kit().model_dump(mode="json"), stored_at="2026-11-21T00:00Z",
    )  # fmt: skip
    page = Client().get("/kits/protect/", {"kit": "harbour-kit", "stand": stand})
    assert page.status_code == 422
    assert words in page.content.decode()
