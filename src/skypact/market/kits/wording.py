"""Words for what the schema names, and engine sentences in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _

from skypact.market.accounts.models import ROLE_NAMES
from skypact.market.catalogue.wording import CATEGORIES, GRADES, SENSOR_KINDS, threat_name
from skypact.market.kits.models import STATUS_NAMES
from skypact.schema import (
    Answer,
    Assumption,
    AssumptionKind,
    Basis,
    BuyerRole,
    Category,
    Grade,
    Kit,
    KitStatus,
    Money,
    Question,
    Region,
    SensorKind,
    Sentence,
)

STAGE_NAMES = {
    "": _("Starting"),
    "eligibility": _("What the buyer may have"),
    "terrain": _("Reading the terrain"),
    "sight": _("Lines of sight from every position"),
    "reduce": _("Leaving out what cannot help"),
    "solve": _("Choosing the cheapest kit"),
    "explain": _("Writing the explanation"),
}

ANSWER_NAMES = {Answer.YES: _("yes"), Answer.NO: _("no"), Answer.UNKNOWN: _("unknown")}

BASIS_NAMES = {
    Basis.OFFER: _("Offer"),
    Basis.CLAIM: _("Claim"),
    Basis.DERIVED: _("Derived"),
    Basis.ASSUMPTION: _("Assumed"),
    Basis.UNKNOWN: _("Unknown"),
}

QUESTION_NAMES = {
    Question.ELIGIBILITY: _("May the buyer have and use it?"),
    Question.INTEROPERABILITY: _("Does it connect?"),
    Question.INTERFACE_DETAIL: _("Do its interfaces agree in detail?"),
    Question.COEXISTENCE: _("Does it disturb its neighbours on the air?"),
    Question.POWER: _("Can it be powered?"),
    Question.DELIVERY: _("When does it arrive?"),
    Question.PRICE: _("What does it cost?"),
    Question.COVERAGE: _("What does it see?"),
}

ACCEPTING_UNKNOWN = {
    Question.ELIGIBILITY: _("The law's answer for a product is open, say because its origin is not published."),
    Question.INTERFACE_DETAIL: _("Both sides name the same standard, but not its edition; or both are of one maker."),
    Question.COEXISTENCE: _("Nobody states on which frequencies two products work that stand side by side."),
    Question.INTEROPERABILITY: _(
        "No data interface of the product is public, or its name says nothing of the messages."
    ),
    Question.POWER: _("The voltage it takes or what it draws is not published."),
    Question.DELIVERY: _("Nobody says how long it takes to arrive, and you assume nothing."),
}

ASSUMPTION_NAMES = {
    AssumptionKind.PRICE: _("Price of one"),
    AssumptionKind.LEAD_TIME_DAYS: _("Lead time (days)"),
    AssumptionKind.DETECTION_RANGE_M: _("Detection range (m)"),
    AssumptionKind.AZIMUTH_COVERAGE_DEG: _("Azimuth watched at once (degrees)"),
    AssumptionKind.POWER_DRAW_W: _("Power draw (W)"),
    AssumptionKind.FREQUENCY_HZ: _("Radar frequency (Hz)"),
}

ASSUMPTION_UNITS = {
    AssumptionKind.LEAD_TIME_DAYS: _("days"),
    AssumptionKind.DETECTION_RANGE_M: "m",
    AssumptionKind.AZIMUTH_COVERAGE_DEG: "°",
    AssumptionKind.POWER_DRAW_W: "W",
    AssumptionKind.FREQUENCY_HZ: "Hz",
}

#: What feeds a kit without being a product of it, as the composer names it.
SOURCE_NAMES = {"mains": _("Mains"), "unknown-source": _("Source not known")}

#: What a relief describes, as :class:`skypact.engines.coverage.SurfaceKind` names it.
SURFACE_NAMES = {
    "surface": _("surface model: tree tops and roofs count as ground"),
    "bare_earth": _("bare earth: trees and buildings are not in it"),
    "synthetic": _("generated relief"),
    "unstated": _("nobody states whether it holds trees and buildings"),
}

REGION_NAMES = {
    Region.RING: _("the warning ring"),
    Region.AREA: _("the area inside the warning ring"),
}

#: Rules of counting in which two requirements may differ.
RULE_NAMES = {
    "warning_distance": _("Warning distance"),
    "share": _("Share to be covered"),
    "kinds": _("Kinds of sensor at each place"),
    "region": _("Share of"),
    "terrain": _("Relief"),
    "site": _("Site"),
    "sensors": _("Sensors"),
    "probability": _("Probability"),
    "fused_probability": _("Probability of all"),
    "weather": _("Weather"),
    "trust": _("Trust"),
}

#: Why figures are assumed in the examples and in the pessimistic preset; what a planner writes stays as written.
NOTES = frozenset(
    {
        gettext_noop("planned as a flat panel of 120 degrees where the maker does not say"),
        gettext_noop("planned in the K band where the maker states no band: rain takes more there than in lower ones"),
        gettext_noop("planned on a pan-tilt head that other sensors cue"),
        gettext_noop("planned with an all-round antenna where the maker does not say"),
        gettext_noop("planning assumption: leaves a radar 6 dB for losses and conditions nobody names"),
        gettext_noop("planning figure"),
        gettext_noop("planning figure for a 3D ground radar"),
        gettext_noop("planning figure for a Remote ID receiver"),
        gettext_noop("planning figure for a combined sensor unit"),
        gettext_noop("planning figure for a fixed RF sensor"),
        gettext_noop("planning figure for a pan-tilt day and thermal camera"),
        gettext_noop("planning figure for a protocol gateway"),
        gettext_noop("planning figure for a site licence with one operator position"),
        gettext_noop("planning figure for an acoustic array"),
        gettext_noop("planning figure for an industrial PoE switch"),
        gettext_noop("planning figure for an industrial power supply"),
        gettext_noop("planning figure, installation included"),
        gettext_noop(
            "pessimistic preset, a planning assumption: leaves a radar 6 dB for losses and conditions nobody names"
        ),
        gettext_noop(
            "pessimistic preset, a planning assumption: leaves a radar 4 dB for conditions the document leaves out"
        ),
        gettext_noop(
            "pessimistic preset, a planning assumption: leaves a radar 1 dB for a site unlike the one of the test"
        ),
    }
)

#: By type, since members of different enumerations may be equal: the price of a question is that of an assumption.
_NAMES: dict[type, Mapping[Any, object]] = {
    KitStatus: STATUS_NAMES,
    BuyerRole: ROLE_NAMES,
    Answer: ANSWER_NAMES,
    Basis: BASIS_NAMES,
    SensorKind: SENSOR_KINDS,
    Category: CATEGORIES,
    Question: QUESTION_NAMES,
    AssumptionKind: ASSUMPTION_NAMES,
}


def open_questions(kit: Kit) -> int:
    """How many questions a kit's requirement accepts to stay open.

    A kit of an earlier version does not count them: then every connection, purchase and date that is unknown is one.
    """
    if kit.open_questions or kit.status is KitStatus.NO_KIT:
        return kit.open_questions
    answers = [link.answer for link in kit.links] + [item.eligibility for item in kit.items]
    answers += [] if kit.delivery is None else [kit.delivery.answer]
    return answers.count(Answer.UNKNOWN)


def headline(kit: Kit) -> str:
    """The answer in one sentence, with what is accepted as unknown."""
    if kit.status is KitStatus.NO_KIT:
        return gettext("There is no kit that meets this requirement.")
    if kit.status is KitStatus.STOPPED:
        return gettext("The search was stopped: this is the best kit so far.")
    number, proven = open_questions(kit), kit.status is KitStatus.OPTIMAL
    if not number:
        return (
            gettext("This kit meets the requirement, and none is cheaper.")
            if proven
            else gettext("This kit meets the requirement.")
        )
    told = (
        ngettext(
            "This kit meets the requirement, with {number} open question accepted; none is cheaper.",
            "This kit meets the requirement, with {number} open questions accepted; none is cheaper.",
            number,
        )
        if proven
        else ngettext(
            "This kit meets the requirement, with {number} open question accepted.",
            "This kit meets the requirement, with {number} open questions accepted.",
            number,
        )
    )
    return told.format(number=number)


def word(value: object) -> str:
    """The reader's word for a member of one of the schema's enumerations."""
    return str(_NAMES[type(value)][value])


def say(sentence: Sentence) -> str:
    """An engine's sentence in the reader's language; English where nobody has translated it."""
    korean = get_language() == "ko"
    if korean and sentence.text_ko:
        return sentence.text_ko
    if sentence.template is None:
        return sentence.text
    facts = {name: _fact(name, fact) for name, fact in sentence.facts.items()}
    return (gettext(sentence.template) if korean else sentence.template).format(**facts)


def _fact(name: str, fact: str | Sentence) -> str:
    if isinstance(fact, Sentence):
        return say(fact)
    if name == "basis":
        return note(fact)
    return threat_name(fact) if name == "threat" else fact


def note(basis: str) -> str:
    """Why a figure is assumed, as whoever asked wrote it; the project's own words in the reader's language."""
    return gettext(basis) if basis in NOTES else basis


def said(english: str | None, korean: str | None) -> str:
    """The name in the reader's language; English where there is no Korean one."""
    return korean if korean and get_language() == "ko" else english or ""


def money(amount: Money | None) -> str:
    """The exact amount, thousands apart."""
    return "" if amount is None else str(amount)


def sum_of(amount: Decimal, currency: str) -> str:
    """An amount and its currency for people."""
    return str(Money(amount=amount, currency=currency))


def assumed_figure(assumption: Assumption) -> str:
    """The value of a planning assumption with its unit."""
    if assumption.currency is not None:
        return sum_of(assumption.value, assumption.currency)
    return f"{assumption.value:,.0f} {ASSUMPTION_UNITS[assumption.kind]}"


def metres(value: float) -> str:
    """A distance for people: kilometres from one kilometre on."""
    return f"{value / 1000:,.3g} km" if value >= 1000 else f"{value:,.0f} m"


def percent(share: float) -> str:
    """A share for people. Rounded down, so that 99.96 % never reads as all."""
    return f"{math.floor(share * 1000 + 1e-9) / 10:g} %"


def seconds(value: float | None) -> str:
    """A time for people, rounded down: nobody is promised a second that is not there."""
    if value is None:
        return str(_("unknown"))
    whole = math.floor(value)
    return f"{whole} s" if whole < 120 else f"{whole // 60} min {whole % 60:02d} s"


def square_metres(value: float) -> str:
    """An area for people."""
    return f"{value / 1e6:,.3g} km²" if value >= 1e5 else f"{value / 1e4:,.3g} ha"


def square_metres_alike(values: Sequence[float]) -> list[str]:
    """Areas of one column for people: all in the unit of the largest, with as many places after the point."""
    largest = max(values, default=0.0)
    size, unit = (1e6, "km²") if largest >= 1e5 else (1e4, "ha")
    whole = len(f"{largest / size:.0f}") if largest >= size else 0
    places = max(0, 3 - whole)
    least = 10.0**-places
    return [
        f"0 {unit}"
        if value == 0
        else f"< {least:.{places}f} {unit}"
        if value / size < least / 2
        else f"{value / size:,.{places}f} {unit}"
        for value in values
    ]


def surface(name: str) -> str:
    """What the heights of a relief describe."""
    return str(SURFACE_NAMES.get(name, name))


def grade(value: Grade) -> str:
    """The grade of an evidence."""
    return str(GRADES[value])
