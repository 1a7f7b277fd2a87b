"""Pack and charger: cells, chemistry, current, plugs and the way of charging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from skypact.engines.interop.batteries.check import Aspect, Check, known
from skypact.engines.interop.batteries.pack import NO_DATA, Pack, number, spelled, text
from skypact.schema import Answer, Listing, NumberClaim, Sentence, TextClaim, sentence, strongest


@dataclass(frozen=True)
class Station:
    """A charger as it is known on one day."""

    id: str
    name: str
    charges: frozenset[str]
    """packs that its maker sells it for"""
    chemistry: TextClaim | None
    cells_min: NumberClaim | None
    cells_max: NumberClaim | None
    voltage_max: NumberClaim | None
    current_max: NumberClaim | None
    power_max: NumberClaim | None
    connector: TextClaim | None
    balance_connector: TextClaim | None
    protocol: TextClaim | None
    dialect: TextClaim | None
    profile: TextClaim | None

    @classmethod
    def of(cls, listing: Listing, *, on: date) -> Station:
        """The charger that ``listing`` describes; of one without charger figures nothing is known."""
        charger = listing.charger
        return cls(
            id=listing.id,
            name=listing.name,
            charges=frozenset(spare.listing for spare in listing.spare_for),
            chemistry=None if charger is None else strongest(charger.chemistry, on=on),
            cells_min=None if charger is None else strongest(charger.cells_min, on=on),
            cells_max=None if charger is None else strongest(charger.cells_max, on=on),
            voltage_max=None if charger is None else strongest(charger.voltage_max, on=on),
            current_max=None if charger is None else strongest(charger.current_max, on=on),
            power_max=None if charger is None else strongest(charger.power_max, on=on),
            connector=None if charger is None else strongest(charger.connector, on=on),
            balance_connector=None if charger is None else strongest(charger.balance_connector, on=on),
            protocol=None if charger is None else strongest(charger.data_protocol, on=on),
            dialect=None if charger is None else strongest(charger.data_dialect, on=on),
            profile=None if charger is None else strongest(charger.charge_profile, on=on),
        )


def charging(pack: Pack, station: Station) -> Check:
    """Whether the charger charges the pack; a wrong profile is a fire, so nothing is guessed."""
    for check in (_voltage(pack, station), _chemistry(pack, station), _plugs(pack, station), _profile(pack, station)):
        if check.answer is Answer.NO:
            return check
    if pack.id in station.charges:
        return Check(Aspect.CHARGING, Answer.YES, sentence("{charger} is sold for this pack", charger=station.name))
    checks = (_voltage(pack, station), _chemistry(pack, station), _plugs(pack, station), _profile(pack, station))
    doubt = next((check for check in checks if check.answer is Answer.UNKNOWN), None)
    if doubt is not None:
        return doubt
    evidence = tuple(claim for check in checks for claim in check.evidence)
    return Check(Aspect.CHARGING, Answer.YES, _pace(pack, station), evidence)


def _voltage(pack: Pack, station: Station) -> Check:
    cells, fewest, most = number(pack.cells), number(station.cells_min), number(station.cells_max)
    evidence = known(pack.cells, station.cells_min, station.cells_max, pack.voltage_max, station.voltage_max)
    if cells is not None and ((fewest is not None and cells < fewest) or (most is not None and cells > most)):
        reason = sentence(
            "{cells} cells in series; {charger} charges {fewest} to {most}",
            cells=f"{cells:g}",
            charger=station.name,
            fewest="?" if fewest is None else f"{fewest:g}",
            most="?" if most is None else f"{most:g}",
        )
        return Check(Aspect.CHARGING, Answer.NO, reason, evidence)
    full, limit = number(pack.voltage_max), number(station.voltage_max)
    if full is not None and limit is not None and full > limit:
        reason = sentence(
            "{charger} gives at most {limit} V, the pack needs {volts} V",
            charger=station.name,
            limit=f"{limit:g}",
            volts=f"{full:g}",
        )
        return Check(Aspect.CHARGING, Answer.NO, reason, evidence)
    if cells is None or fewest is None or most is None:
        return Check(
            Aspect.CHARGING,
            Answer.UNKNOWN,
            sentence("not known: whether {charger} charges so many cells", charger=station.name),
            evidence,
        )
    return Check(Aspect.CHARGING, Answer.YES, sentence("the charger's cells"), evidence)


def _chemistry(pack: Pack, station: Station) -> Check:
    mine, theirs = text(pack.chemistry), text(station.chemistry)
    evidence = known(pack.chemistry, station.chemistry)
    if mine is None or theirs is None:
        return Check(
            Aspect.CHARGING,
            Answer.UNKNOWN,
            sentence("not known: whether {charger} has a profile for its chemistry", charger=station.name),
            evidence,
        )
    if spelled(mine) not in {spelled(one) for one in theirs.split(",")}:
        reason = sentence("{charger} charges {theirs}, not {mine}", charger=station.name, theirs=theirs, mine=mine)
        return Check(Aspect.CHARGING, Answer.NO, reason, evidence)
    return Check(Aspect.CHARGING, Answer.YES, sentence("the charger's chemistry"), evidence)


def _plugs(pack: Pack, station: Station) -> Check:
    evidence = known(pack.connector, station.connector, pack.balance_connector, station.balance_connector)
    for mine, theirs in (
        (text(pack.connector), text(station.connector)),
        (text(pack.balance_connector), text(station.balance_connector)),
    ):
        if mine is not None and theirs is not None and spelled(mine) != spelled(theirs):
            reason = sentence("the charger has {theirs}, the pack {mine}", theirs=theirs, mine=mine)
            return Check(Aspect.CHARGING, Answer.NO, reason, evidence)
    if pack.connector is None or station.connector is None:
        return Check(
            Aspect.CHARGING,
            Answer.UNKNOWN,
            sentence("not known: whether the plugs of {charger} mate", charger=station.name),
            evidence,
        )
    return Check(Aspect.CHARGING, Answer.YES, sentence("the charger's plugs"), evidence)


def _profile(pack: Pack, station: Station) -> Check:
    mine, theirs = text(pack.charge_profile), text(station.profile)
    evidence = known(pack.charge_profile, station.profile, pack.protocol, station.protocol)
    if mine is not None and theirs is not None and spelled(mine) != spelled(theirs):
        reason = sentence("the charger charges by {theirs}, the pack wants {mine}", theirs=theirs, mine=mine)
        return Check(Aspect.CHARGING, Answer.NO, reason, evidence)
    spoken, heard = text(pack.protocol), text(station.protocol)
    talks = heard is not None and spelled(heard) != NO_DATA
    if talks and spoken is not None and spelled(spoken) != spelled(heard or ""):
        reason = sentence("the charger wants {theirs}, the pack speaks {mine}", theirs=heard, mine=spoken)
        return Check(Aspect.CHARGING, Answer.NO, reason, evidence)
    if mine is None or theirs is None:
        return Check(
            Aspect.CHARGING,
            Answer.UNKNOWN,
            sentence("not known: whether {charger} charges the way the pack wants", charger=station.name),
            evidence,
        )
    one, other = text(pack.dialect), text(station.dialect)
    if talks and (one is None or other is None or spelled(one) != spelled(other)):
        return Check(
            Aspect.CHARGING,
            Answer.UNKNOWN,
            sentence("not known: whether {charger} understands the pack's dialect", charger=station.name),
            evidence,
        )
    return Check(Aspect.CHARGING, Answer.YES, sentence("the charger's profile"), evidence)


def _pace(pack: Pack, station: Station) -> Sentence:
    """How long a full charge takes at least, by the smallest current allowed, without the slow last part."""
    capacity, full = number(pack.capacity), number(pack.voltage_max)
    power = number(station.power_max)
    limits = [number(pack.charge_current_max), number(station.current_max)]
    limits.append(power / full if power is not None and full else None)
    allowed = [limit for limit in limits if limit]
    if capacity is None or limits[0] is None or not allowed:
        return sentence("{charger} charges it; how fast is not known", charger=station.name)
    minutes = f"{60 * capacity / min(allowed):.0f}"
    return sentence("{charger} charges it in {minutes} minutes or more", charger=station.name, minutes=minutes)
