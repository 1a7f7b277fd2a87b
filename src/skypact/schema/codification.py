"""Numbers of the NATO Codification System: stock numbers (NSN) and makers' codes (NCAGE).

Only their form is checked. A stock number carries no check digit, so a registry alone can say whether one exists; the
same holds for makers' codes.

Sources: *NATO Manual on Codification* ACodP-1 (the parts of a stock number); NSPA, AC/135 e-Portal, *NCS countries*
(codes of the codification bureaux, as of August 2026); FAR 2.101 and the US Defense Logistics Agency's description of
CAGE codes (five characters, the first and last of them digits, never the letters I and O).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_STOCK_NUMBER = re.compile(r"([0-9]{4})[- ]?([0-9]{2})[- ]?([0-9]{3})[- ]?([0-9]{4})")
_NCAGE = re.compile(r"[0-9A-NP-Z][0-9A-HJ-NP-Z]{4}")
_US_CAGE = re.compile(r"[0-9][0-9A-HJ-NP-Z]{3}[0-9]")

_NATIONS_BY_CODE = (
    "12DE 13BE 14FR 15IT 16CZ 17NL 18ZA 19BR 20CA 21CA 22DK 23GR 24IS 25NO 26PT 27TR 28LU 29AR 30JP 31IL 32SG 33ES "
    "34MY 35TH 36EG 37KR 38EE 39RO 40SK 41AT 42SI 43PL 45ID 46PH 47LT 48FJ 49TO 50BG 51HU 52CL 53HR 54MK 55LV 56OM "
    "57RU 58FI 59AL 60KW 61UA 62IQ 63MA 64SE 65PG 66AU 68GE 70SA 71AE 72IN 73RS 74PK 75BA 76BN 77ME 78JO 79PE 80CO "
    "81QA 82DZ 83EC 84IE 98NZ 99GB"
)

#: Two-digit code of a national codification bureau → its nation (ISO 3166-1). Code 44 is held by the United Nations.
BUREAUX: dict[str, str] = {
    **{f"0{digit}": "US" for digit in range(10)},
    **{entry[:2]: entry[2:] for entry in _NATIONS_BY_CODE.split()},
}


@dataclass(frozen=True, slots=True)
class StockNumberParts:
    """The parts of a stock number."""

    supply_class: str
    """four digits: supply group and class (FSC, NSC), e.g. 5840 for radar equipment"""
    bureau: str
    """two digits: the codification bureau that assigned the number"""
    item: str
    """seven digits without meaning"""

    @property
    def identification_number(self) -> str:
        """The nine digits of the item, bureau included (NIIN)."""
        return self.bureau + self.item

    @property
    def nation(self) -> str | None:
        """The nation of the bureau; ``None`` for the United Nations and for codes that no bureau holds."""
        return BUREAUX.get(self.bureau)

    def __str__(self) -> str:
        return f"{self.supply_class}-{self.bureau}-{self.item[:3]}-{self.item[3:]}"


def stock_number_parts(text: str) -> StockNumberParts:
    """The parts of the stock number ``text``: 13 digits, with dashes or spaces between the parts or without.

    Raises ``ValueError`` for anything else.
    """
    found = _STOCK_NUMBER.fullmatch(text)
    if found is None:
        raise ValueError("a NATO stock number is 13 digits written 1234-56-789-0123")
    return StockNumberParts(supply_class=found[1], bureau=found[2], item=found[3] + found[4])


def stock_number(text: str) -> str:
    """The stock number ``text`` as it is held: ``1234-56-789-0123``. Raises ``ValueError``."""
    return str(stock_number_parts(text))


def ncage(text: str) -> str:
    """The maker's code ``text`` in capitals. Raises ``ValueError`` where it has not the form of one."""
    code = text.upper()
    if not _NCAGE.fullmatch(code):
        raise ValueError("an NCAGE is five capital letters or digits, without the letter O, and with I only in front")
    return code


def is_us_cage(code: str) -> bool:
    """Whether ``code`` has the form of a code that the United States assigns: a digit first and last, no I, no O."""
    return _US_CAGE.fullmatch(code) is not None
