"""Whatever stands in the cells, a row is records, problems or left out; only a whole file may be unreadable."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.exchange.catalogue.foreign import samples

from skypact.exchange.catalogue import Row, UnreadableFileError, foreign
from skypact.exchange.catalogue.foreign import Foreign

ODD = (
    *("", " ", "0", "-1", "1e999", "-1e999", "nan", "inf", "1e-400", "9" * 400, "TP" + "9" * 5000 + "-3S", "=1", "'=1"),
    *("٣", "²", "½", "１２", "?", "+", "a" * 400, "\ufeff", "\u202e", "5 km", "5 parsec", "1/0", "0/0", "1d/1d"),
    *("2020-02-30", "0000-01-01", "1005", "1005-00-000-0000", "unknown", "<br/>", "&#0;", "1 ou 2", "1,5", "1.234"),
)
CELLS = st.one_of(st.sampled_from(ODD), st.text(max_size=30))
VALUES = st.one_of(
    CELLS,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.just([1]),
    st.just({"a": 1}),
    st.just(10**4000),
)
MANY = settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def taken(text: str, format: Foreign) -> list[Row]:  # noqa: A002
    """The rows of ``text``, or none where the whole file is unreadable."""
    stream = io.BytesIO(text.encode("utf-8", errors="surrogatepass"))
    try:
        return list(foreign.read(stream, name="file", format=format))
    except UnreadableFileError as error:
        assert error.problem.remedy  # noqa: PT017 (either outcome is right; this one must say what to do)
        return []


def each_is_one_thing(rows: list[Row]) -> None:
    for row in rows:
        assert sum((bool(row.records), bool(row.problems), bool(row.left_out))) == 1
        assert all(problem.remedy for problem in row.problems)


@pytest.mark.parametrize(
    ("text", "separator", "format"),
    [
        (samples.NSN, ",", Foreign.NSN_LESO),
        (samples.BATTERIES, ";", Foreign.BATTERIES),
        (samples.MOTORS, ";", Foreign.MOTORS),
        (samples.SPEED_CONTROLLERS, ";", Foreign.SPEED_CONTROLLERS),
        (samples.OPENDRONELIST, ",", Foreign.OPENDRONELIST),
    ],
)
@MANY
@given(data=st.data())
def test_of_a_table(text: str, separator: str, format: Foreign, data: st.DataObject) -> None:  # noqa: A002
    header, *rows = csv.reader(io.StringIO(text), delimiter=separator)
    place = data.draw(st.integers(0, len(header) - 1))
    rows[0][place] = data.draw(CELLS)
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([header, *rows])
    each_is_one_thing(taken(out.getvalue(), format))


@pytest.mark.parametrize(
    ("text", "format"), [(samples.DRONES, Foreign.DRONES_OPEN_CATALOG), (samples.CAMERAS, Foreign.OPENATHENA)]
)
@MANY
@given(data=st.data())
def test_of_a_document(text: str, format: Foreign, data: st.DataObject) -> None:  # noqa: A002
    found: Any = json.loads(text)
    entry = (found if isinstance(found, list) else found["droneCCDParams"])[0]
    entry[data.draw(st.sampled_from(sorted(entry)))] = data.draw(VALUES)
    each_is_one_thing(taken(json.dumps(found), format))


@MANY
@given(st.sampled_from(Foreign), st.text(max_size=200))
def test_of_any_text_at_all(format: Foreign, text: str) -> None:  # noqa: A002
    each_is_one_thing(taken(text, format))
