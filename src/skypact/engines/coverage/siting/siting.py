"""Where sensors stand best: reduce, search, bound, prove; every answer with the gap that is left."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from skypact.engines.coverage.siting.bounding import least, whole
from skypact.engines.coverage.siting.branching import most
from skypact.engines.coverage.siting.covering import cover_all
from skypact.engines.coverage.siting.proving import prove_partial
from skypact.engines.coverage.siting.question import Cover, Ints, Limits, Sited
from skypact.engines.coverage.siting.reduction import merged_places, unbeaten
from skypact.engines.coverage.siting.searching import Search

_NAMED = 5


def _silent(_: float) -> None:
    return


def _never() -> bool:
    return False


def most_covered(
    cover: Cover,
    *,
    sensors: int | None = None,
    budget: int | None = None,
    gap_wanted: float = 0.0,
    work_limit: float = 10.0,
    seed: int = 0,
    progress: Callable[[float], None] = _silent,
    stop: Callable[[], bool] = _never,
) -> Sited:
    """The options that cover most (maximal covering, Church & ReVelle 1974) for so many sensors or so much money.

    Parameters
    ----------
    sensors, budget : at most so many options, at most so many hundredths of the currency; at least one is given
    gap_wanted : the search ends when the proven gap is not larger
    work_limit : deterministic, about seconds of one quiet core; 0: one bound, and no search for the proof
    progress : told the closed share of the gap, 0 to 1
    stop : asked between steps; true ends the search with the best answer so far

    Raises ``ValueError`` where no limit is given, a limit is negative, more sensors are asked for than there are
    options, the budget is below the cheapest option, or gap or work is not a number ≥ 0.
    """
    limits = Limits(sensors, budget)
    _check(gap_wanted, work_limit)
    _check_limits(cover, limits)
    small, kept = _reduced(cover)
    known = most(small, limits, gap_wanted, work_limit, seed, progress, stop)
    gap = _gap(small.covered(known.options), known.bound)
    return _sited(cover, kept[known.options], known.bound, gap, known.stopped, progress)


def cheapest(
    cover: Cover,
    *,
    need: int,
    gap_wanted: float = 0.0,
    work_limit: float = 10.0,
    seed: int = 0,
    progress: Callable[[float], None] = _silent,
    stop: Callable[[], bool] = _never,
) -> Sited:
    """The cheapest options that cover at least ``need`` of the weight (partial covering; all of it: set cover).

    Where no place can be left out, ``cover.seen`` may be sparse and hold millions of options; for a smaller ``need`` it
    is made an array. Other parameters as in :func:`most_covered`; for set cover, ``work_limit`` counts the search for
    covers as well, which takes half of it, and may take 10 in any case.

    Raises ``ValueError`` where all options together cover less than ``need``, and names places that none sees.
    """
    _check(gap_wanted, work_limit)
    unseen = cover.unseen()
    reachable = int(cover.weight.sum() - cover.weight[unseen].sum())
    if need > reachable:
        told = f"all options together cover {reachable} of {int(cover.weight.sum())}; {need} is asked for"
        raise ValueError(f"{told}: {_named(unseen)}" if len(unseen) else told)
    if need <= 0:
        return _sited(cover, np.empty(0, dtype=np.int64), 0, 0.0, False, progress)
    if need > reachable - int(np.delete(cover.weight, unseen).min()):
        covering = cover_all(cover, gap_wanted, work_limit, seed, progress, stop)
        gap = _gap(covering.bound, covering.cost)
        return _sited(cover, covering.options, covering.bound, gap, covering.stopped, progress)
    small, kept = _reduced(cover)
    known = least(small, need, Search(small), gap_wanted, progress, stop)
    found, bound, stopped = known.options, whole(known.bound), known.stopped
    if _gap(bound, _cost(small, found)) > gap_wanted and work_limit > 0 and not stopped:
        proof = prove_partial(small, need, known, work_limit=work_limit, seed=seed, stop=stop)
        if proof.options is not None and _cost(small, proof.options) < _cost(small, found):
            found = proof.options
        bound = bound if proof.bound is None else max(bound, proof.bound)
        stopped = proof.stopped
    return _sited(cover, kept[found], bound, _gap(bound, _cost(small, found)), stopped, progress)


def _named(places: Ints) -> str:
    """Which places no option sees, in words."""
    first = ", ".join(str(place) for place in places[:_NAMED])
    more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    return f"no option sees place {first}{more}"


def _reduced(cover: Cover) -> tuple[Cover, Ints]:
    rows = merged_places(cover.dense())
    kept = unbeaten(rows)
    return merged_places(Cover(rows.seen[kept], rows.weight, rows.cost[kept])), kept


def _cost(cover: Cover, options: Ints) -> int:
    return int(cover.cost[options].sum())


def _gap(smaller: int, larger: int) -> float:
    """What may still be missing, as a share of the larger of answer and bound."""
    return 0.0 if larger <= smaller else (larger - smaller) / larger


def _check(gap_wanted: float, work_limit: float) -> None:
    for name, value in (("gap_wanted", gap_wanted), ("work_limit", work_limit)):
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name} must be a number of 0 or more, is {value}")


def _check_limits(cover: Cover, limits: Limits) -> None:
    options, cheapest_cost = len(cover.cost), int(cover.cost.min(initial=np.iinfo(np.int64).max))
    if limits.sensors is not None and limits.sensors > options:
        raise ValueError(f"{limits.sensors} sensors are asked for; there are fewer options to choose from: {options}")
    if limits.budget is not None and limits.budget < cheapest_cost:
        raise ValueError(f"a budget of {limits.budget} buys nothing: the cheapest option costs {cheapest_cost}")


def _sited(
    cover: Cover, options: Ints, bound: int, gap: float, stopped: bool, progress: Callable[[float], None]
) -> Sited:
    progress(1.0 - gap)
    return Sited(
        options=np.sort(options),
        covered=cover.covered(options),
        cost=_cost(cover, options),
        bound=bound,
        gap=gap,
        stopped=stopped and gap > 0,
    )
