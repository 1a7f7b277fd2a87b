"""How a pack may travel: the watt-hour classes of air transport, the UN 38.3 tests, the charge on the way.

Sources: ICAO, Technical Instructions for the Safe Transport of Dangerous Goods by Air (Doc 9284), 2025–2026 edition,
packing instructions 965 to 967 and table 8-1; IATA, Dangerous Goods Regulations, 67th edition (2026), section 2.3 and
packing instructions 965 to 967; UN Manual of Tests and Criteria, section 38.3. Lithium-ion packs sent by air alone are
charged to at most 30 % since 2016, those packed with equipment since 2026 (packing instruction 966, over 2.7 Wh).
Operators and states add variations; military transport follows rules of its own. This is no legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from skypact.engines.interop.batteries.pack import Pack, text
from skypact.schema import Answer, Sentence, sentence

#: Most watt-hours of a pack in a passenger's cabin baggage without the operator's approval, and with it.
CABIN_FREE_WH = 100.0
CABIN_APPROVED_WH = 160.0


class AirClass(StrEnum):
    """Class by rated energy."""

    TO_100_WH = "to 100 Wh"
    TO_160_WH = "100 to 160 Wh"
    OVER_160_WH = "over 160 Wh"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Shipping:
    """How one pack travels. ``answer``: whether it may be sent at all."""

    answer: Answer
    air_class: AirClass
    energy_wh: float | None
    reasons: tuple[Sentence, ...]


def air_class(energy_wh: float | None) -> AirClass:
    """The class of a pack of that rated energy."""
    if energy_wh is None:
        return AirClass.UNKNOWN
    if energy_wh <= CABIN_FREE_WH:
        return AirClass.TO_100_WH
    return AirClass.TO_160_WH if energy_wh <= CABIN_APPROVED_WH else AirClass.OVER_160_WH


def shipping(pack: Pack) -> Shipping:
    """The pack's transport class and what it means."""
    energy = pack.energy_wh
    found = air_class(energy)
    shown = "" if energy is None else f"{energy:.4g}"
    if found is AirClass.UNKNOWN:
        reasons = [sentence("not known: its energy, and so its transport class")]
    elif found is AirClass.TO_100_WH:
        reasons = [
            sentence("{energy} Wh: as a spare in cabin baggage without approval (up to 100 Wh)", energy=shown),
            sentence("as air cargo UN 3480, packing instruction 965 section IB, on cargo aircraft only"),
        ]
    elif found is AirClass.TO_160_WH:
        reasons = [
            sentence("{energy} Wh: two spares a person in cabin baggage with the operator's approval", energy=shown),
            sentence("as air cargo UN 3480, packing instruction 965 section IA, on cargo aircraft only"),
        ]
    else:
        reasons = [
            sentence("{energy} Wh: not in passengers' baggage (over 160 Wh)", energy=shown),
            sentence("as air cargo UN 3480, packing instruction 965 section IA, on cargo aircraft only"),
        ]
    reasons.append(sentence("by air charged to at most 30 %"))
    reasons.append(_tested(pack))
    return Shipping(_answer(pack, found), found, energy, tuple(reasons))


def _tested(pack: Pack) -> Sentence:
    if pack.un38_3 is None:
        return sentence("not known: whether it passed the UN 38.3 tests, without which it may not be sent")
    if pack.un38_3:
        return sentence("it passed the UN 38.3 tests")
    return sentence("it has not passed the UN 38.3 tests and may not be sent")


def _answer(pack: Pack, found: AirClass) -> Answer:
    if pack.un38_3 is False:
        return Answer.NO
    return Answer.YES if pack.un38_3 and found is not AirClass.UNKNOWN else Answer.UNKNOWN


def origin(pack: Pack) -> Sentence:
    """Where the cells come from. What a buyer's rules make of it is the eligibility engine's question."""
    maker, nation = text(pack.cell_maker), text(pack.cell_origin)
    if nation is None and maker is None:
        return sentence("not known: who makes its cells, and where")
    if nation is None:
        return sentence("cells by {maker}; not known: made where", maker=maker)
    if maker is None:
        return sentence("cells from {nation}; not known: by whom", nation=nation)
    return sentence("cells by {maker} from {nation}", maker=maker, nation=nation)
