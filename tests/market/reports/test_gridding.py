"""Grid references against the tables of the grids themselves and against PROJ."""

from __future__ import annotations

import pytest

from skypact.market.reports.gridding import gridded, utm_zone


def test_central_meridian_on_the_equator() -> None:
    """Easting 500 km and northing 0 by definition (NGA.STND.0037); square EA of zone 31."""
    found = gridded(3.0, 0.0)
    assert (found.degrees, found.utm, found.mgrs) == (
        "0.00000° N, 3.00000° E",
        "31N 500000 0",
        "31N EA 00000 00000",
    )


@pytest.mark.parametrize(
    ("lon", "lat", "utm", "mgrs"),
    [
        (126.44, 37.46, "52N 273580 4148981", "52S BG 73580 48981"),
        (151.2, -33.9, "56S 333568 6247473", "56H LH 33568 47473"),
        (5.0, 60.0, "32N 276979 6658157", "32V KM 76979 58157"),
        (15.0, 78.0, "33N 500000 8658369", "33X WG 00000 58369"),
    ],
)
def test_both_grids_name_the_same_square_metre(lon: float, lat: float, utm: str, mgrs: str) -> None:
    found = gridded(lon, lat)
    assert (found.utm, found.mgrs) == (utm, mgrs)
    easting, northing = utm.split()[1:]
    assert found.mgrs.split()[-2:] == [easting[-5:], northing[-5:]]


@pytest.mark.parametrize(
    ("lon", "lat", "zone"),
    [
        *((-180, 0, 1), (179.9, 0, 60), (180, 0, 1), (3, 60, 32), (2.9, 60, 31), (12, 60, 33), (3, 64, 31)),
        *((8.9, 73, 31), (9, 73, 33), (20.9, 73, 33), (21, 73, 35), (33, 73, 37), (41.9, 73, 37), (42, 73, 38)),
    ],
)
def test_zones_with_their_exceptions(lon: float, lat: float, zone: int) -> None:
    assert utm_zone(lon, lat) == zone


def test_near_the_pole_there_is_no_utm() -> None:
    found = gridded(10.0, 87.0)
    assert (found.utm, found.mgrs) == ("", "Z AD 57849 71916")
