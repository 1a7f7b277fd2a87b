"""Does this pack work in this aircraft, and on this charger? Every aspect with its answer, reason and claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from skypact.engines.interop.batteries.body import Endurance, endurance, mass, room, temperature
from skypact.engines.interop.batteries.charging import Station, charging
from skypact.engines.interop.batteries.check import Aspect, Check, overall
from skypact.engines.interop.batteries.contacts import connector, data, polarity
from skypact.engines.interop.batteries.pack import Adapter, Pack, spelled
from skypact.engines.interop.batteries.shipping import Shipping, origin, shipping
from skypact.engines.interop.batteries.socket import Socket
from skypact.engines.interop.batteries.supply import current, sag, voltage
from skypact.schema import Answer, Category, Listing, Sentence, sentence


@dataclass(frozen=True)
class PackFit:
    """The answer for one pack in one aircraft (or in another pack's place), with or without a charger."""

    pack: str
    aircraft: str
    charger: str | None
    checks: tuple[Check, ...]
    endurance: Endurance
    shipping: Shipping
    origin: Sentence

    @property
    def answer(self) -> Answer:
        """Whether it works. How it travels and where its cells come from stand apart."""
        return overall(check.answer for check in self.checks)

    @property
    def adapter(self) -> str | None:
        """The adapter that the fit needs, by its listing id."""
        return next((check.adapter for check in self.checks if check.adapter), None)

    @property
    def against(self) -> tuple[Check, ...]:
        """The checks that say no."""
        return tuple(check for check in self.checks if check.answer is Answer.NO)

    @property
    def missing(self) -> tuple[Check, ...]:
        """The checks that nobody can answer yet."""
        return tuple(check for check in self.checks if check.answer is Answer.UNKNOWN)


def fit_pack(
    pack: Listing,
    aircraft: Listing,
    *,
    on: date,
    charger: Listing | None = None,
    own: Listing | None = None,
    adapters: Sequence[Listing] = (),
    climate: tuple[float, float] | None = None,
) -> PackFit:
    """Whether ``pack`` works in ``aircraft`` and on ``charger``.

    Parameters
    ----------
    own : the pack that the aircraft is sold with (see :func:`own_pack`); what the aircraft does not state, it shows.
    adapters : listings of adapters at hand.
    climate : lowest and highest temperature at which to fly, °C.

    Raises ``ValueError`` for a pack that is no battery or an aircraft that is none.
    """
    read = Pack.of(pack, on=on)
    socket = Socket.of_aircraft(aircraft, None if own is None else Pack.of(own, on=on), on=on)
    station = None if charger is None else Station.of(charger, on=on)
    return fit(read, socket, station=station, adapters=[Adapter.of(one) for one in adapters], climate=climate)


def fit(
    pack: Pack,
    socket: Socket,
    *,
    station: Station | None = None,
    adapters: Sequence[Adapter] = (),
    climate: tuple[float, float] | None = None,
) -> PackFit:
    """The same of a pack and a place that have been read already."""
    checks = [*works(pack, socket, adapters=adapters, climate=climate)]
    if station is not None:
        checks.append(charging(pack, station))
    return PackFit(
        pack=pack.id,
        aircraft=socket.id,
        charger=None if station is None else station.id,
        checks=tuple(checks),
        endurance=endurance(pack, socket),
        shipping=shipping(pack),
        origin=origin(pack),
    )


def works(
    pack: Pack,
    socket: Socket,
    *,
    adapters: Sequence[Adapter] = (),
    climate: tuple[float, float] | None = None,
    may_make: bool = False,
) -> Iterator[Check]:
    """The checks of a pack in a place, one after the other, so that who needs one no only stops at it.

    That its maker sells the pack for the aircraft answers what no figure contradicts; a climate is asked all the same.
    """
    sold = socket.id in pack.sold_for or (socket.own is not None and socket.own.id == pack.id)
    asked: tuple[Callable[[], Check], ...] = (
        lambda: voltage(pack, socket),
        lambda: current(pack, socket),
        lambda: sag(pack, socket),
        lambda: connector(pack, socket, adapters, may_make=may_make),
        lambda: polarity(pack, socket),
        lambda: data(pack, socket),
        lambda: room(pack, socket),
        lambda: mass(pack, socket),
        lambda: temperature(pack, socket, climate),
    )
    for ask in asked:
        check = ask()
        if sold and check.answer is Answer.UNKNOWN and (climate is None or check.aspect is not Aspect.TEMPERATURE):
            yield replace(check, answer=Answer.YES, reason=sentence("it is the pack that this aircraft is sold with"))
        else:
            yield check


def own_pack(aircraft: Listing, packs: Iterable[Listing], *, on: date) -> Listing | None:
    """The pack that ``aircraft`` is sold with: one that its maker sells for it, else the one that the aircraft names.

    ``None`` where no listed pack is known to be it, or several are.
    """
    batteries = [pack for pack in packs if pack.category is Category.BATTERY and pack.battery is not None]
    sold = [pack for pack in batteries if any(spare.listing == aircraft.id for spare in pack.spare_for)]
    if len(sold) == 1:
        return sold[0]
    if sold or aircraft.airframe is None:
        return None
    said = {spelled(claim.value) for claim in aircraft.airframe.battery if claim.value and claim.valid_on(on)}
    named = [pack for pack in batteries if {spelled(pack.name), spelled(pack.id)} & said]
    return named[0] if len(named) == 1 else None


def own_packs(aircraft: Iterable[Listing], packs: Sequence[Listing], *, on: date) -> Mapping[str, Listing]:
    """The own pack of every aircraft that has one, by the aircraft's id."""
    found = ((one.id, own_pack(one, packs, on=on)) for one in aircraft)
    return {identifier: pack for identifier, pack in found if pack is not None}
