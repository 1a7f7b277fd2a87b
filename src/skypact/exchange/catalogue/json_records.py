"""Catalogues as JSON Lines (one ``{"vendor": {…}}`` or ``{"listing": {…}}`` a line) and as one JSON document.

Fields at their default are left out on export; reading fills them in again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import from_json

from skypact.exchange.catalogue.rows import Record, Row, RowProblem, plain_value, unreadable
from skypact.exchange.catalogue.text import lines
from skypact.schema import Listing, Vendor
from skypact.schema.problems import problems_of

#: A JSON document is held in memory whole; beyond this size JSON Lines is the format.
LARGEST_DOCUMENT = 64 * 2**20


_LINE = 'a line is {"vendor": {…}} or {"listing": {…}}'


class Line(BaseModel):
    """One line of a JSON Lines catalogue: a vendor or a listing."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    vendor: Vendor | None = None
    listing: Listing | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Line:
        if (self.vendor is None) == (self.listing is None):
            raise ValueError(_LINE)
        return self


def line_of(record: Record) -> str:
    """``record`` as a line of JSON Lines, without line end."""
    kind = "listing" if isinstance(record, Listing) else "vendor"
    return f'{{"{kind}":{record.model_dump_json(exclude_defaults=True)}}}'


def read_lines(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of a JSON Lines file. Raises :class:`~.rows.UnreadableFileError`."""
    return rows_in(raw_lines(stream), name=name)


def raw_lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of a JSON Lines file, unread. Raises :class:`~.rows.UnreadableFileError`."""
    text = None
    for text in lines(stream):
        yield text
    if text is None:
        raise unreadable("the file is empty")


def rows_in(texts: Iterable[str], *, name: str, first: int = 1) -> Iterator[Row]:
    """The rows in lines of which the first has the number ``first``; a blank line is none."""
    for number, text in enumerate(texts, start=first):
        if not text.strip():
            continue
        try:
            line = Line.model_validate_json(text)
        except ValidationError as error:
            yield Row(number, problems=_problems(error, Line, row=number, file=name))
            continue
        record = line.vendor or line.listing
        yield Row(number, (record,) if record is not None else ())


def write_lines(records: Iterable[Record], out: BinaryIO) -> None:
    """Write ``records`` as JSON Lines."""
    for record in records:
        out.write(line_of(record).encode() + b"\n")


def read_document(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of a JSON document ``{"vendors": […], "listings": […]}``. Raises :class:`~.rows.UnreadableFileError`."""
    text: list[str] = []
    size = 0
    for part in lines(stream):
        text.append(part)
        size += len(part)
        if size > LARGEST_DOCUMENT:
            raise unreadable(f"a JSON document may have at most {LARGEST_DOCUMENT} characters: use JSON Lines")
    try:
        document = from_json("".join(text), allow_inf_nan=False)
    except ValueError as error:
        raise unreadable(f"must be valid JSON: {error}") from None
    expected = 'must be {"vendors": […], "listings": […]}'
    if not isinstance(document, dict):
        raise unreadable(expected, value=document)
    for key, value in document.items():
        if key not in ("vendors", "listings") or not isinstance(value, list):
            raise unreadable(expected, field=key, value=value)
    for key, model in (("vendors", Vendor), ("listings", Listing)):
        for index, entry in enumerate(document.get(key, [])):
            yield _entry(model, entry, f"{key}[{index}]", name)


def _entry(model: type[Vendor] | type[Listing], entry: Any, place: str, name: str) -> Row:
    try:
        return Row(None, (model.model_validate(entry),))
    except ValidationError as error:
        return Row(None, problems=_problems(error, model, row=None, file=name, place=place))


def _problems(
    error: ValidationError, model: type[BaseModel], *, row: int | None, file: str, place: str = ""
) -> tuple[RowProblem, ...]:
    if model is Line and any(_no_line(detail["type"], detail["loc"]) for detail in error.errors()):
        return (RowProblem(row=row, remedy=_LINE),)
    return tuple(
        RowProblem(
            row=row,
            field=".".join(filter(None, (place, _inside(item.place) if model is Line else item.place))),
            value=plain_value(item),
            remedy=item.accepted,
        )
        for item in problems_of(error, model=model, file=file)
    )


def _no_line(kind: str, place: tuple[int | str, ...]) -> bool:
    """Whether the line is neither vendor nor listing. A rule that a whole listing breaks stands at its name alone."""
    return len(place) < 2 and kind != "json_invalid" and not (place and kind == "value_error")


def _inside(place: str) -> str:
    return "" if place in ("listing", "vendor") else place.removeprefix("listing.").removeprefix("vendor.")


def write_document(records: Iterable[Record], out: BinaryIO) -> None:
    """Write ``records`` as one JSON document."""
    vendors: list[str] = []
    listings: list[str] = []
    for record in records:
        text = record.model_dump_json(exclude_defaults=True)
        (listings if isinstance(record, Listing) else vendors).append(text)
    text = '{"vendors":[' + ",\n".join(vendors) + '],\n"listings":[' + ",\n".join(listings) + "]}\n"
    out.write(text.encode())
