"""What binds the products of one kit together, as numbers for the program, from what the engine says of pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop.together.timing import clock_places, gives_clock
from skypact.engines.kit.candidates import Candidate, Field, clock_ports
from skypact.engines.kit.jointly import AtLeast, Jointly, Load, Member, Need, Role
from skypact.engines.kit.network import Network
from skypact.engines.kit.together import Together
from skypact.schema import Listing, Port

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Binding:
    """The candidates of one requirement and the rules between them."""

    together: Together
    field: Field
    alone: bool = False
    """whether nothing stands for anything: some kits are forbidden as they are"""

    def carries(self, sensor: Listing, stop: Listing) -> bool:
        """Whether a hub or gateway carries one unit of a sensor."""
        return self.together.carries(sensor, stop)

    def stands_for(self, one: Listing, other: Listing) -> bool:
        """Whether a hub or gateway in the place of another one breaks no rule that the other keeps.

        Careful rather than complete: what any rule speaks of stands for nothing.
        """
        together = self.together
        free = together.rate_taken(one) is None and together.tracks_taken(one) is None and not self._needs(one)
        rooms = [math.inf if room is None else room for room in (together.room(one), together.room(other))]
        free = free and not self.alone and not self._gives(other) and not self._ever_clashes(one)
        return free and rooms[0] >= rooms[1]

    def stand_for(self, network: Network, *, counted: bool) -> Flags:
        """bool (p, p): which sensor products, at one position, break no rule that those they stand for keep.

        ``counted``: there are rules on how many stand side by side, and not only on who does.
        """
        products = [candidate.listing for candidate in network.sensors]
        if self.alone:
            return np.eye(len(products), dtype=np.bool_)
        clash, numbers = self.together.clashes(products, [*products, *self._network(network)])
        at_most = [self.together.rate_sent, self.together.tracks_sent]
        worse = clash.astype(np.float32) @ ~clash.T > 0
        if counted:
            worse |= numbers[:, None] | numbers[None, :]
        for amount in at_most:
            put = np.array([amount(one) for one in products])
            worse |= put[:, None] > put[None, :]
        drawn = np.array(self._drawn(network))
        worse |= drawn[:, None] > drawn[None, :]
        worse |= np.array([bool(self._needs(one)) for one in products])[:, None]
        worse |= np.array([self._gives(one.listing) or self._source_gives(one) for one in network.sensors])
        return np.asarray(~worse | np.eye(len(products), dtype=np.bool_), dtype=np.bool_)

    def jointly(
        self,
        network: Network,
        products: NDArray[np.int64],
        never: Sequence[AtLeast],
        exactly: Sequence[AtLeast],
        *,
        crowded: bool,
    ) -> Jointly:
        """All that binds the members of a network, and ``never`` and ``exactly`` that were learned besides.

        ``products``: numbers of the sensor products that can be in a kit. ``crowded``: what hangs on one position's
        circuit is added up.
        """
        together = self.together
        members = self._members(network, set(products.tolist()))
        pairs = combinations_with_replacement(members, 2)
        clauses = [
            ((one, 2),) if one == other else ((one, 1), (other, 1))
            for (one, mine), (other, theirs) in pairs
            if together.clash(mine.listing, theirs.listing)
        ]
        groups = (network.sensors, network.hubs, network.gateways)
        sensors, hubs, gateways = ([one.listing for one in group] for group in groups)
        carried = ((together.rate_sent, together.rate_taken), (together.tracks_sent, together.tracks_taken))
        loads = [
            Load(tuple(map(sent, sensors)), tuple(map(taken, hubs)), tuple(map(taken, gateways)))
            for sent, taken in carried
        ]
        return Jointly(
            never=(*clauses, *never),
            exactly=tuple(exactly),
            needs=tuple(need for one in members for need in self._clocks_of(one, members)),
            loads=tuple(load for load in loads if any(limit is not None for limit in (*load.hubs, *load.gateways))),
            draw=tuple(self._drawn(network)) if crowded else (),
            circuit=together.circuit_mw(),
        )

    def _members(self, network: Network, products: set[int]) -> list[tuple[Member, Candidate]]:
        groups = (network.sensors, network.hubs, network.gateways, self.field.clocks)
        return [
            (Member(role, number), candidate)
            for role, group in zip(Role, groups, strict=True)
            for number, candidate in enumerate(group)
            if role is not Role.SENSOR or number in products
        ]

    def _clocks_of(self, one: tuple[Member, Candidate], members: Sequence[tuple[Member, Candidate]]) -> list[Need]:
        member, candidate = one
        return [
            Need(
                member,
                tuple(
                    (other, places)
                    for other, theirs in members
                    for giver in self._with_it(theirs)
                    if giver.id != candidate.listing.id
                    and gives_clock(giver, port, accept=self.together.accepted_level)
                    and (other != member or giver.id != theirs.listing.id)
                    for places in [clock_places(giver, port)]
                ),
            )
            for port in self._needs(candidate.listing)
        ]

    def _with_it(self, candidate: Candidate) -> list[Listing]:
        """A member and what feeds each unit of it."""
        source = self.field.sources.get(candidate.feed.source or "")
        return [candidate.listing, *([] if source is None else [source.listing])]

    def _needs(self, listing: Listing) -> list[Port]:
        return clock_ports(listing, self.together.on)

    def _gives(self, listing: Listing) -> bool:
        """Whether a product gives time or position that any candidate needs."""
        return any(gives_clock(listing, port) for port in self._needed)

    def _source_gives(self, candidate: Candidate) -> bool:
        source = self.field.sources.get(candidate.feed.source or "")
        return source is not None and self._gives(source.listing)

    def _ever_clashes(self, one: Listing) -> bool:
        return any(self.together.clash(one, other) or self.together.numbers_decide(one, other) for other in self._all)

    @cached_property
    def _all(self) -> list[Listing]:
        field = self.field
        return [one.listing for one in (*field.sensors, *field.c2, *field.gateways, *field.clocks)]

    @cached_property
    def _needed(self) -> list[Port]:
        return [port for one in self._all for port in self._needs(one)]

    def _network(self, network: Network) -> list[Listing]:
        return [one.listing for one in (*network.hubs, *network.gateways, *self.field.clocks)]

    def _drawn(self, network: Network) -> list[int]:
        """What one unit of each sensor product takes from its position's circuit, mW."""
        return [self.together.drawn_mw(candidate, self.field) for candidate in network.sensors]
