import io

import pytest
from tests.exchange.catalogue.foreign import samples

from skypact.exchange.catalogue import Format, UnreadableFileError, format_of_file
from skypact.exchange.catalogue.foreign import Foreign


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        (samples.NSN, "a.csv", Foreign.NSN_LESO),
        ("\ufeff" + samples.NSN, "a.csv", Foreign.NSN_LESO),
        (samples.BATTERIES, "a.csv", Foreign.BATTERIES),
        (samples.MOTORS, "a.csv", Foreign.MOTORS),
        (samples.SPEED_CONTROLLERS, "a.csv", Foreign.SPEED_CONTROLLERS),
        (samples.OPENDRONELIST, "a.csv", Foreign.OPENDRONELIST),
        (samples.DRONES, "a.json", Foreign.DRONES_OPEN_CATALOG),
        (samples.CAMERAS, "a.json", Foreign.OPENATHENA),
        ("id,name,vendor,category,summary\n", "a.csv", Format.CSV),
        ("", "a.csv", Format.CSV),
        ('{"vendors": [], "listings": []}', "a.json", Format.JSON),
        ("[1]", "a.json", Format.JSON),
        ('{"vendor": {}}', "a.jsonl", Format.JSONL),
    ],
)
def test_a_file_is_recognised_by_its_shape(text: str, name: str, found: object) -> None:
    stream = io.BytesIO(text.encode())
    assert format_of_file(stream, name=name) is found
    assert stream.tell() == 0


def test_a_name_with_another_ending_is_refused_whatever_the_file_holds() -> None:
    with pytest.raises(UnreadableFileError, match="the file name must end in"):
        format_of_file(io.BytesIO(samples.NSN.encode()), name="a.txt")
