"""The cheapest kit asked of clingo (MIT; Gebser, Kaminski, Kaufmann and Schaub 2019, TPLP 19(1)), in words of its own.

clingo is not among our packages. ``SKYPACT_CLINGO`` names a Python that has it; there it runs as a program of its own,
with one thread, until it has used the CPU seconds that it is given. Watts through converters and weights are whole
numbers (at most 511 W a converter), masses and scores tenths.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop.together.assembling import NONE, Products, Requirement

Ints = NDArray[np.int64]

VARIABLE = "SKYPACT_CLINGO"

_KIT = """
{ chosen(I) } :- product(I, _, _, _).
:- least(K, N), #count { I : chosen(I), kind(I, K) } < N.
:- score_min(S), #sum { W, I : chosen(I), score(I, W) } < S.
:- mass_max(M), #sum { W, I : chosen(I), product(I, _, W, _) } > M.
:- watts_max(M), #sum { W, I : chosen(I), draws(I, _, W) } > M.

reached(0, P) :- chosen(H), hub(H), takes(H, P).
reached(L + 1, P) :- chosen(A), adapter(A), takes(A, P), sends(A, Q), reached(L, Q), L < 2.
:- chosen(I), speaks(I, P), not reached(0, P), not reached(1, P), not reached(2, P).

plain(B) :- chosen(I), source(I, B, _).
fed(B) :- plain(B).
fed(B) :- chosen(I), converter(I, _, B, _).
:- chosen(I), draws(I, B, _), not fed(B).
:- chosen(I), converter(I, B, _, _), not plain(B).
{ through(I, 2 ** X) : X = 0..8 } :- chosen(I), converter(I, _, _, _).
:- converter(I, _, _, G), #sum { W : through(I, W) } > G.
bus(B) :- draws(_, B, _).
:- bus(B), #sum { W, I, 1 : chosen(I), source(I, B, W); -W, I, W : through(I, W), converter(I, B, _, _) } < 0.
:- bus(B), #sum { W, I, 1 : chosen(I), source(I, B, W); W, I, W : through(I, W), converter(I, _, B, _);
                  -W, I, W : through(I, W), converter(I, B, _, _); -W, I, 2 : chosen(I), draws(I, B, W) } < 0.

:- needs(_, M), #sum { N, I : chosen(I), bears(I, M, N); -1, I : chosen(I), needs(I, M) } < 0.
:- chosen(I), band(I, B), chosen(J), hears(J, B), not blanked(B).
blanked(B) :- chosen(I), blanks(I, B).
#minimize { C, I : chosen(I), product(I, C, _, _) }.
#show chosen/1.
"""

_RUN = """
import sys, clingo
control = clingo.Control(["--warn=none"])
for file in sys.argv[1:]:
    control.load(file)
control.ground([("base", [])])
def kit(model):
    print(*(symbol.arguments[0].number for symbol in model.symbols(shown=True)), flush=True)
found = control.solve(on_model=kit)
print("proven" if found.exhausted else "stopped", flush=True)
"""


@dataclass(frozen=True)
class Tried:
    """The cheapest kit that clingo found, whether it proved that none is cheaper, and the CPU seconds that it used."""

    chosen: Ints | None
    proven: bool
    taken_s: float


def interpreter() -> Path | None:
    """The Python that the user names; ``None`` where the variable names none."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named and Path(named).is_file() else None


def cheapest(python: Path, products: Products, wanted: Requirement, *, limit_s: float) -> Tried:
    """What clingo finds within ``limit_s`` CPU seconds."""
    with TemporaryDirectory(prefix="skypact-clingo-") as name:
        facts, kit = Path(name) / "facts.lp", Path(name) / "kit.lp"
        facts.write_text(told(products, wanted))
        kit.write_text(_KIT)
        before = _used()
        ended = subprocess.run(
            ["sh", "-c", f'ulimit -t {round(limit_s)}; exec "$0" "$@"', python, "-I", "-c", _RUN, facts, kit],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        taken = _used() - before
    if ended.returncode not in (0, -signal.SIGXCPU, -signal.SIGKILL):
        raise RuntimeError(f"clingo ended with {ended.returncode}")
    *kits, last = ended.stdout.split("\n")[:-1] or [""]
    proven = last == "proven"
    if ended.returncode:  # no last word
        kits.append(last)
    return Tried(np.array(kits[-1].split(), dtype=np.int64) if kits and kits[-1] else None, proven, taken)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def told(products: Products, wanted: Requirement) -> str:
    """The products and what is wanted as facts."""
    lines = [f"least({kind},{number})." for kind, number in wanted.least.items()]
    lines += [f"score_min({_tenths(wanted.score)}).", f"mass_max({_tenths(wanted.mass_max)})."]
    lines.append(f"watts_max({int(wanted.watts_max)}).")
    speaks = (products.sends >= 0) & ~products.is_hub & ~products.is_adapter
    gives, fed = products.gives_bus >= 0, products.bus >= 0
    for number in range(len(products)):
        price, mass, draw = int(products.price[number]), _tenths(products.mass[number]), int(products.draw[number])
        lines.append(f"product({number},{price},{mass},{draw}). kind({number},{products.kind[number]}).")
        if products.score[number] > 0:
            lines.append(f"score({number},{_tenths(products.score[number])}).")
        lines += [f"takes({number},{protocol})." for protocol in np.flatnonzero(products.takes[number]).tolist()]
        lines += [f"{word}({number})." for word, of in _WHAT if getattr(products, of)[number]]
        if speaks[number]:
            lines.append(f"speaks({number},{products.sends[number]}).")
        for word, of in _CODES:
            if getattr(products, of)[number] != NONE:
                lines.append(f"{word}({number},{getattr(products, of)[number]}).")
        watts, bus, other = int(products.gives[number]), int(products.bus[number]), int(products.gives_bus[number])
        if gives[number]:
            lines.append(f"converter({number},{bus},{other},{watts})." if fed[number] else
                         f"source({number},{other},{watts}).")  # fmt: skip
        elif fed[number]:
            lines.append(f"draws({number},{bus},{draw}).")
        if products.mount[number] != NONE:
            lines.append(f"bears({number},{products.mount[number]},{products.gives_mounts[number]}).")
    return "\n".join(lines)


_WHAT = (("hub", "is_hub"), ("adapter", "is_adapter"))
_CODES = (("sends", "sends"), ("needs", "needs_mount"), ("band", "band"), ("hears", "hears"), ("blanks", "blanks"))


def _tenths(number: float) -> int:
    return round(10 * float(number))
