"""What every schema object has in common: closed, immutable, plain."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from skypact.schema.codification import ncage, stock_number
from skypact.schema.nations import assigned


class Model(BaseModel):
    """A closed, immutable record. Unknown fields are refused, never dropped."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        str_strip_whitespace=True,
        use_attribute_docstrings=True,
        ser_json_inf_nan="constants",
    )


_SLUG = r"^(SYN-[A-Z0-9]+(-[A-Z0-9]+)*|[a-z0-9]+(-[a-z0-9]+)*)$"
_NATION = r"^[A-Z]{2}$"
CURRENCY_PATTERN = r"^[A-Z]{3}$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"
RELEASE_PATTERN = r"^(PUBLIC|REGISTERED|REL [A-Z]{2}(,[A-Z]{2})*)$"

#: What each pattern of the data model asks for, in words.
PATTERN_MEANING = {
    _SLUG: "lower-case latin letters, digits and single hyphens; synthetic ids begin with SYN-",
    _NATION: "an ISO 3166-1 alpha-2 country code such as KR",
    CURRENCY_PATTERN: "an ISO 4217 currency code such as EUR",
    RELEASE_PATTERN: "PUBLIC, REGISTERED, or REL with nations, as in REL KR,US",
    r"^[A-Z]{4}$": "an ICAO code of four letters such as RKSI",
    r"^https?://\S+$": "an address that begins with http:// or https://",
    SHA256_PATTERN: "a SHA-256 hash in 64 lower-case hexadecimal digits",
    r"^[a-z]{2}$": "an ISO 639-1 language code such as ko",
}

#: A stable identifier.
Slug = Annotated[str, Field(min_length=2, max_length=100, pattern=_SLUG, description=PATTERN_MEANING[_SLUG])]

#: ISO 3166-1 alpha-2 country code.
Nation = Annotated[str, Field(pattern=_NATION, description=PATTERN_MEANING[_NATION]), AfterValidator(assigned)]


def _without_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("a text may not hold the NUL character")
    return value


def _written_as_day(value: Any) -> Any:
    # Pydantic would read numbers, and texts of digits, as seconds since 1970.
    if isinstance(value, date) or (isinstance(value, str) and len(value) == 10 and value[4] == "-"):
        return value
    raise ValueError("a day is written 2026-01-05")


Text = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_without_nul)]
Name = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_without_nul)]

_ADDRESS = r"^https?://\S+$"

#: An address on the web.
Address = Annotated[str, Field(max_length=1000, pattern=_ADDRESS), AfterValidator(_without_nul)]

#: A day, written 2026-01-05 and in no other way.
Day = Annotated[date, BeforeValidator(_written_as_day)]

#: NATO stock number, held as 1234-56-789-0123; format only: the registry alone can confirm that it exists.
StockNumber = Annotated[str, AfterValidator(stock_number)]

#: NATO commercial and governmental entity code, format only.
Ncage = Annotated[str, AfterValidator(ncage)]
