"""The headings and words of a fleet table, in English and Korean, and what its template shows."""

from __future__ import annotations

import re
from typing import Literal

from skypact.schema import BatteryAssumptions

Language = Literal["en", "ko"]
Row = tuple[str, str, str, str, str]

#: Column → what may stand for it in the first row, without the unit; the first two are what templates show.
NAMES = {
    "kind": ("kind", "종류", "구분"),
    "nation": ("nation", "국가", "country", "국가 코드"),
    "id": ("id", "품목 ID", "listing", "listing id", "품목", "제품 ID", "식별자"),
    "quantity": ("quantity", "수량", "number", "대수"),
    "note": ("note", "비고", "remark", "comment", "설명"),
}
NEEDED = ("kind", "nation", "id", "quantity")
#: Column → what may stand in brackets behind its name; the first two are what templates show.
UNITS = {
    "kind": (),
    "nation": ("ISO 3166-1 alpha-2", "ISO 3166-1 alpha-2"),
    "id": ("of the listing", "카탈로그", "listing"),
    "quantity": ("pieces; of assumptions: as noted", "개, 가정은 비고의 단위", "pieces", "개", "pcs", "ea", "대"),
    "note": ("not read", "읽지 않음"),
}
#: Kind of row → what may stand for it; the first two are what templates show.
KINDS = {
    "aircraft": ("aircraft", "기체", "항공기", "드론", "무인기", "drone"),
    "stock": ("stock", "재고", "보유", "배터리 재고"),
    "assumption": ("assumption", "가정"),
    "title": ("title", "제목"),
}
#: Rows that only show how a file is filled in: word for word as here, they are passed over.
EXAMPLES: dict[Language, tuple[Row, ...]] = {
    "en": (
        (
            "example aircraft",
            "FR",
            "parrot-anafi",
            "30",
            "EXAMPLE, passed over: kind becomes aircraft",
        ),
        ("example aircraft", "KR", "freefly-astro", "4", "EXAMPLE, passed over"),
        ("example stock", "FR", "parrot-anafi-battery", "40", "EXAMPLE, passed over: packs that a nation holds"),
    ),
    "ko": (
        (
            "예시 기체",
            "FR",
            "parrot-anafi",
            "30",
            "예시 행(읽지 않음): 종류를 기체로 바꾸십시오",
        ),
        ("예시 기체", "KR", "freefly-astro", "4", "예시 행(읽지 않음)"),
        ("예시 재고", "FR", "parrot-anafi-battery", "40", "예시 행(읽지 않음): 국가가 보유한 배터리 팩 수"),
    ),
}
EXAMPLE_WORDS = ("example", "예시")

#: Assumption → its unit, in English and Korean; ``{currency}`` is the fleet's.
ASSUMPTION_UNITS: dict[str, tuple[str, str]] = {
    "currency": ("three letters, ISO 4217", "세 글자, ISO 4217"),
    "packs_per_place": ("packs", "팩"),
    "spares_share": ("share, 0.1 is 10 %", "비율, 0.1은 10 %"),
    "pool_packs": ("packs a nation and kind", "국가·종류별 팩"),
    "pack_price": ("{currency} a pack", "팩당 {currency}"),
    "pack_price_per_wh": ("{currency} a Wh", "Wh당 {currency}"),
    "charger_price": ("{currency} a charger", "충전기당 {currency}"),
    "aircraft_per_charger": ("aircraft a charger", "충전기당 기체 수"),
    "adapter_price": ("{currency} an adapter; none: no adapters", "어댑터당 {currency}, none은 어댑터 없음"),
    "introduction": ("{currency} a kind of pack", "배터리 종류당 {currency}"),
    "shipping_to_100_wh": ("{currency} a pack", "팩당 {currency}"),
    "shipping_to_160_wh": ("{currency} a pack", "팩당 {currency}"),
    "shipping_over_160_wh": ("{currency} a pack", "팩당 {currency}"),
    "endurance_lost_per_percent": ("{currency} an aircraft and hundredth", "기체·1 %당 {currency}"),
    "endurance_least": ("share, 0.8 is 80 %", "비율, 0.8은 80 %"),
}
NONE = "none"

_HEADING = re.compile(r"(?P<name>[^()（）\[\]]*?)\s*(?:[(（\[](?P<unit>[^()（）\[\]]*)[)）\]])?\s*")


def headings(language: Language) -> list[str]:
    """The first row, each column with its unit."""
    place = int(language == "ko")
    units = {column: f" ({known[place]})" if known else "" for column, known in UNITS.items()}
    return [f"{names[place]}{units[column]}" for column, names in NAMES.items()]


def column_of(heading: str) -> tuple[str | None, str | None]:
    """The column that a heading names, and a unit in it that the column does not have."""
    found = _HEADING.fullmatch(heading.strip())
    if found is None:
        return None, None
    name = _plain(found["name"])
    column = next((column for column, names in NAMES.items() if name in map(_plain, names)), None)
    unit = found["unit"]
    if column is None or unit is None or _plain(unit) in map(_plain, UNITS[column]):
        return column, None
    return column, unit.strip()


def kind_of(cell: str) -> str | None:
    """The kind of row that a cell names."""
    return next((kind for kind, words in KINDS.items() if _plain(cell) in map(_plain, words)), None)


def is_example(cell: str) -> bool:
    """Whether the kind says that the row is one of the template's examples."""
    return _plain(cell).startswith(EXAMPLE_WORDS)


def assumption_rows(assumed: BatteryAssumptions, language: Language) -> list[tuple[str, None, str, object, str]]:
    """The assumptions as rows: kind, no nation, name, value, unit."""
    place = int(language == "ko")
    kind = KINDS["assumption"][place]
    said = assumed.model_dump()
    return [
        (kind, None, name, NONE if said[name] is None else said[name], units[place].format(currency=assumed.currency))
        for name, units in ASSUMPTION_UNITS.items()
    ]


def _plain(words: str) -> str:
    return re.sub(r"[\s_]+", "", words).casefold()
