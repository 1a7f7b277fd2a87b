from pathlib import Path

import pytest
from tests.exchange.catalogue.foreign import samples

from skypact.exchange.catalogue import UnreadableFileError, read
from skypact.exchange.catalogue.foreign import Foreign
from skypact.schema import Category, Listing, Provenance


def test_a_camera_has_its_pixels_and_image_sensor() -> None:
    vendor, listing = samples.only(samples.CAMERAS)
    assert (vendor.id, vendor.name, vendor.nation) == ("dji", "DJI", None)
    assert (listing.id, listing.name) == ("openathena-dji-fc1", "FC1")
    assert (listing.category, listing.sensors) == (Category.PAYLOAD_CAMERA, ())
    (imager,) = listing.imagers
    assert [claim.value for claim in imager.thermal] == [False]
    assert [claim.value for claim in (*imager.pixels_horizontal, *imager.pixels_vertical)] == [4000.0, 3000.0]
    assert [claim.value for claim in (*imager.image_sensor_width, *imager.image_sensor_height)] == [0.0064, 0.0048]
    assert imager.image_sensor_width[0].provenance is Provenance.DERIVED
    assert [claim.value for claim in imager.focal_length] == [0.0091]
    assert listing.evidence[0].source.licence == "Apache-2.0"


def test_nothing_that_computes_positions_on_the_ground_is_taken_in() -> None:
    _, listing = samples.only(samples.CAMERAS)
    assert "5.6" not in listing.model_dump_json()


def test_a_thermal_camera_and_one_told_twice_have_ids_of_their_own() -> None:
    thermal = samples.CAMERAS.replace("false", "true")
    assert samples.only(thermal)[1].id == "openathena-dji-fc1-thermal"
    entry = samples.CAMERAS[samples.CAMERAS.index("[{") + 1 : -2]
    twice = samples.CAMERAS.replace("}]}", "}," + entry + "]}")
    assert [row.records[1].id for row in samples.rows(twice)] == ["openathena-dji-fc1", "openathena-dji-fc1-2"]


def test_a_camera_without_a_make_says_that_its_maker_is_not_stated() -> None:
    vendor, listing = samples.only(samples.CAMERAS.replace("djiFC1", "FC1"))
    assert (vendor.name, vendor.nation) == ("Maker not stated (OpenAthena DroneModels)", None)
    assert listing.id == "openathena-fc1"


def test_bad_entries_are_reported_with_their_place() -> None:
    bad = samples.CAMERAS.replace("6.4d/4000.0d", "6.4/0").replace("false", '"no"')
    assert samples.wrong(bad) == [
        (None, "droneCCDParams[0].isThermal", "'no'", "input should be true or false"),
        (
            None,
            "droneCCDParams[0].ccdWidthMMPerPixel",
            "'6.4/0'",
            "millimetres by pixels, such as 6.3175/4000",
        ),
    ]


@pytest.mark.parametrize("text", ["[]", '{"droneCCDParams": 7}', "{", '{"cameras": []}'])
def test_another_document_is_refused_whole(text: str) -> None:
    with pytest.raises(UnreadableFileError):
        samples.rows(text, Foreign.OPENATHENA)


@pytest.mark.shared_data
def test_the_whole_file_comes_in(shared_data: Path) -> None:
    with (shared_data / "catalogue" / "openathena_drone_cameras.json").open("rb") as stream:
        rows = list(read(stream, name="cameras.json"))
    records = [record for row in rows for record in row.records if isinstance(record, Listing)]
    assert [row for row in rows if row.problems or row.left_out] == []
    assert len({record.id for record in records}) == 106 == len(rows)
    assert [record.name for record in records if record.vendor == "openathena-maker-not-stated"] == ["ZENMUSEP1"]
