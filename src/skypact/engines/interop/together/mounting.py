"""What carries what: every unit that needs a mount has a place on one that bears it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from skypact.engines.interop.mating import canonical
from skypact.engines.interop.together.question import Aspect, Finding, Part, Question
from skypact.schema import Answer, Port, PortKind, PortRole, Sentence, figure, sentence

#: What needs a mount, where it says on which.
_CARRIED = ("sensor", "payload", "radio")


@dataclass(frozen=True)
class _Foot:
    part: Part
    port: Port
    mass_kg: float | None


@dataclass(frozen=True)
class _Head:
    part: Part
    port: Port

    @property
    def places(self) -> int:
        """So many stand on one head at once; one where nobody says more."""
        return self.port.attributes.connections_max or 1


def mount_findings(question: Question) -> Iterator[Finding]:
    """What carries each product that says what must; only such products are judged.

    A head has one place where nobody states more, and bears its load in all: of several places each is sure to bear
    its share of it, and more only where the others bear less.
    """
    feet = [
        _Foot(part, port, figure(part.listing.mass, on=question.on))
        for part in question.parts
        if part.listing.category.family in _CARRIED
        for port in _ports(part, PortRole.CONSUMES)[:1]
    ]
    heads = [_Head(part, port) for part in question.parts for port in _ports(part, PortRole.PROVIDES)]
    judged = [_alone(foot, heads) for foot in feet]
    refused = [finding for finding in judged if finding.answer is Answer.NO]
    if refused or not feet:
        yield from judged
        return
    count = sum(foot.part.quantity for foot in feet)
    borne = _borne(feet, heads, sure=False)
    if borne < count:
        said = sentence("the mounts of the set have room for {borne} of {count} products", borne=borne, count=count)
        yield Finding(Aspect.MOUNT, Answer.NO, tuple(foot.part.listing.id for foot in feet), said)
    elif all(one.answer is Answer.YES for one in judged) and _borne(feet, heads, sure=True) < count:
        said = sentence("each product has a mount that bears it; whether these bear all of them at once is open")
        missing = sentence("what each place of a mount bears")
        yield Finding(Aspect.MOUNT, Answer.UNKNOWN, tuple(foot.part.listing.id for foot in feet), said, missing)
    else:
        yield from judged


def _ports(part: Part, role: PortRole) -> list[Port]:
    return [port for port in part.listing.ports if port.kind is PortKind.MECHANICAL and port.role is role]


def _alone(foot: _Foot, heads: Sequence[_Head]) -> Finding:
    """Whether one unit is carried, were it alone."""
    name, listing = foot.part.listing.name, foot.part.listing.id
    of_its_kind = [head for head in heads if canonical(head.port.standard) == canonical(foot.port.standard)]
    if not of_its_kind:
        said = sentence("nothing in the set carries {name} ({standard})", name=name, standard=foot.port.standard)
        return Finding(Aspect.MOUNT, Answer.NO, (listing,), said)
    answers = [(_bears(foot, head), head) for head in of_its_kind]
    sure = [head for (answer, _), head in answers if answer is Answer.YES]
    if sure:
        said = sentence("{mount} carries {name}", mount=sure[0].part.listing.name, name=name)
        return Finding(Aspect.MOUNT, Answer.YES, (listing, sure[0].part.listing.id), said)
    missing = [why for (answer, why), _ in answers if answer is Answer.UNKNOWN]
    if not missing:
        said = sentence("{name} weighs {mass} kg, more than its mount carries", name=name, mass=f"{foot.mass_kg:g}")
        return Finding(Aspect.MOUNT, Answer.NO, (listing,), said)
    said = sentence("{name} fits its mount; whether that carries it is open", name=name)
    return Finding(Aspect.MOUNT, Answer.UNKNOWN, (listing,), said, missing[0])


def _bears(foot: _Foot, head: _Head) -> tuple[Answer, Sentence | None]:
    """Whether one place of a head of the same standard bears a unit, with what is missing for a yes."""
    load = head.port.attributes.load_max_kg
    if load is not None and foot.mass_kg is not None and foot.mass_kg > load:
        return Answer.NO, None
    bolts = foot.port.attributes.connector, head.port.attributes.connector
    if (bolts[0] or "").casefold() != (bolts[1] or "").casefold():
        fits = sentence("whether {name} ({one}) fits {mount} ({other})", name=foot.part.listing.name,
                        mount=head.part.listing.name, one=bolts[0] or "?", other=bolts[1] or "?")  # fmt: skip
        return Answer.UNKNOWN, fits
    if load is None or foot.mass_kg is None:
        return Answer.UNKNOWN, sentence("the mass of {name} and what its mount carries", name=foot.part.listing.name)
    return Answer.YES, None


def _borne(feet: Sequence[_Foot], heads: Sequence[_Head], *, sure: bool) -> int:
    """How many units find a place on heads that bear them, surely or not impossibly: the maximum flow."""
    source, sink = len(feet) + len(heads), len(feet) + len(heads) + 1
    capacity = np.zeros((sink + 1, sink + 1), dtype=np.int32)
    for row, foot in enumerate(feet):
        capacity[source, row] = foot.part.quantity
        for column, head in enumerate(heads, start=len(feet)):
            capacity[column, sink] = head.places * head.part.quantity
            if canonical(head.port.standard) != canonical(foot.port.standard):
                continue
            answer, _ = _bears(foot, head)
            if answer is Answer.YES and sure:
                share = (head.port.attributes.load_max_kg or 0.0) / head.places
                capacity[row, column] = foot.part.quantity * ((foot.mass_kg or 0.0) <= share)
            elif answer is not Answer.NO and not sure:
                capacity[row, column] = foot.part.quantity
    return int(maximum_flow(csr_array(capacity), source, sink).flow_value)
