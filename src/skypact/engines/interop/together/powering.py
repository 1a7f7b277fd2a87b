"""What feeds what, as columns and rows of the program of additions: units and outlets that feed them are whole."""

from __future__ import annotations

from skypact.engines.interop.power import circuit_w, runs_alone
from skypact.engines.interop.together import feeding
from skypact.engines.interop.together.buying import Feeding, Item, Model
from skypact.engines.interop.together.question import Question
from skypact.schema import Answer


def power(model: Model, question: Question, consumers: list[Item], sources: list[Item]) -> None:
    """Every unit is fed by mains or an outlet; an outlet gives no more than it can, to no more than it has places, and
    the circuit of the mains bears all that hangs on it.
    """
    wanted, program = question.wanted, model.program
    weakest = wanted.accept
    stands = feeding.Standing(wanted.mains)
    standing = {item.listing.id: stands(item.listing) for item in sources}
    rooted = [item for item in sources if _level(standing[item.listing.id]) <= weakest]
    from_mains = {
        item.listing.id for item in sources if standing[item.listing.id] is Answer.YES and not runs_alone(item.listing)
    }
    circuit: list[tuple[int, float]] = []
    units: dict[str, list[int]] = {}
    load: dict[tuple[str, int], list[tuple[int, float]]] = {}
    taking = [(item, False) for item in consumers if feeding.needs_feed(item.listing)]
    already = {one.listing.id for one, _ in taking}
    taking += [(item, True) for item in sources if standing[item.listing.id] is Answer.UNKNOWN
               and item.listing.id not in already]  # fmt: skip
    usable = {item.listing.id for item in rooted}
    givers = [*rooted, *(one for one in sources if one.listing.id not in usable)]
    feeders = feeding.Feeders([one.listing for one in givers], on=question.on, mains=wanted.mains)
    chained: list[Item] = []
    for item, converter in taking:
        columns = []
        watts = feeding.load_w(item.listing, question.on, as_source=converter) or 0.0
        for giver, outlet, given in feeders.ways(item.listing, as_source=converter):
            source = None if giver is None else givers[giver].listing
            if given > weakest or (converter and source is not None and source.id not in usable):
                continue
            column = program.column(high=item.most, whole=True)
            columns.append(column)
            model.feeds.append(Feeding(column, item.listing, source, outlet, converter))
            if given:
                model.doubts[column] = float(given)
            if source is not None:
                load.setdefault((source.id, outlet), []).append((column, watts))
            if source is None or source.id in from_mains:
                circuit.append((column, watts))
        if (converter and weakest >= 2) or (
            not converter and weakest >= 2 and not feeding.inlets(item.listing)
        ):  # what feeds it may stay open
            column = program.column(high=item.most, whole=True)
            model.doubts[column] = 2.0
            columns.append(column)
        mine, one, constant = model.amount(item)
        must = 0.0 if converter and item.column is None else constant
        program.row([*columns, *mine], [1.0] * len(columns) + [-w for w in one], low=must, high=constant)
        units[item.listing.id] = columns
        if converter:
            chained.append(item)
    for item in sources:
        self_fed = _level(standing[item.listing.id]) <= weakest or item in chained
        for number, place in enumerate(feeding.outlets(item.listing)):
            drawn = load.get((item.listing.id, number), [])
            if not drawn:
                continue
            columns = [column for column, _ in drawn]
            if not self_fed:
                program.row(columns, [1.0] * len(columns), high=0)
                continue
            carrying = units[item.listing.id] if item in chained and item.column is None else None
            if carrying is not None:  # an own converter gives only where it is fed itself
                program.row([*columns, *carrying], [1.0] * len(columns) + [-float(place.connections)] * len(carrying),
                            high=0)  # fmt: skip
            model.at_most(columns, [1.0] * len(columns), item, float(place.connections))
            watts_max = place.watts
            if watts_max is not None and not place.watts_are_sure and weakest >= 2:
                watts_max *= place.connections
            if watts_max is not None:
                _whole_loads(model, item, drawn, watts_max, place.connections)

    if wanted.mains is not None:
        program.row([column for column, _ in circuit], [watts for _, watts in circuit], high=circuit_w(wanted.mains))


def _whole_loads(model: Model, item: Item, drawn: list[tuple[int, float]], watts: float, places: int) -> None:
    """No outlet is overloaded: in sum, and in the number of units of one size and up that one outlet bears."""
    columns, loads = [column for column, _ in drawn], [load for _, load in drawn]
    model.at_most(columns, loads, item, watts)
    least: dict[int, float] = {}  # so many fit on one outlet → the least load of which no more do
    for size in sorted({load for load in loads if load > 0}, reverse=True):
        least[int(watts / size + 1e-9)] = size
    for count, size in least.items():
        if count < places:
            together = [column for column, load in drawn if load >= size]
            model.at_most(together, [1.0] * len(together), item, float(count))


def _level(answer: Answer) -> int:
    return {Answer.YES: 0, Answer.UNKNOWN: 2, Answer.NO: 3}[answer]
