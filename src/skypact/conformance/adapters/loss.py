"""What an adapter loses, measured: states through one format, then through another and back, and compared."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, fields

from skypact.conformance.adapters.formats import FORMATS, Format
from skypact.conformance.adapters.state import UasState
from skypact.schema.nations import NATIONS

_START_S = 1_772_445_600.0


@dataclass(frozen=True)
class FieldLoss:
    """One field of the source through the target and back."""

    field: str
    said: int
    """Messages of the source that say it."""
    kept: int
    """Of these, the ones that say it afterwards, within ``largest_error``."""
    largest_error: float | None
    """Greatest difference of the numbers kept, metres for positions; ``None`` for what is no number."""

    @property
    def lost(self) -> int:
        return self.said - self.kept


@dataclass(frozen=True)
class Loss:
    source: str
    target: str
    messages: int
    fields: tuple[FieldLoss, ...]


def measure(source: str, target: str, *, count: int = 500, seed: int = 1) -> Loss:
    """Sends ``count`` generated messages from the source through the target and back.

    Raises ``ValueError`` for a format that has no adapter.
    """
    for name in (source, target):
        if name not in FORMATS:
            raise ValueError(f'"{name}" has no adapter; accepted: {", ".join(FORMATS)}')
    first, second = FORMATS[source], FORMATS[target]
    pairs = [(before, after) for before, after in _sent(first, second, count, seed)]
    return Loss(source, target, count, tuple(_compare(name, pairs) for name in _names() if _says(name, pairs)))


def measure_all(*, count: int = 500, seed: int = 1) -> tuple[Loss, ...]:
    """Every ordered pair of formats."""
    pairs = [(source, target) for source in FORMATS for target in FORMATS if source != target]
    return tuple(measure(source, target, count=count, seed=seed) for source, target in pairs)


def _names() -> list[str]:
    return [one.name for one in fields(UasState)]


def _sent(first: Format, second: Format, count: int, seed: int) -> Iterator[tuple[UasState, UasState]]:
    for state in states(count, seed):
        heard_s = (state.time_s or _START_S) + 0.4
        before = first.read(first.write(state), heard_s)
        through = second.read(second.write(before), heard_s)
        yield before, first.read(first.write(through), heard_s)


def _says(name: str, pairs: list[tuple[UasState, UasState]]) -> bool:
    return any(getattr(before, name) is not None for before, _ in pairs)


def _compare(name: str, pairs: list[tuple[UasState, UasState]]) -> FieldLoss:
    said = [(getattr(before, name), getattr(after, name), before) for before, after in pairs]
    said = [one for one in said if one[0] is not None]
    kept, errors = 0, []
    for before, after, state in said:
        if isinstance(before, float):
            if after is None:
                continue
            error = abs(after - before) * _metres(name, state)
            if error <= _TOLERANCES.get(name, 1.0):
                kept += 1
                errors.append(error)
        else:
            kept += before == after
    return FieldLoss(name, len(said), kept, max(errors) if errors else None)


def _metres(name: str, state: UasState) -> float:
    """What one unit of the field is in metres where it is an angle on the globe."""
    if name.endswith("latitude_deg"):
        return 111_320.0
    if name.endswith("longitude_deg"):
        return 111_320.0 * math.cos(math.radians(state.latitude_deg or 0.0))
    return 1.0


#: A number counts as kept within this, by default one metre or metre a second: farther off it is another number.
#: Classes of accuracy are steps, so any class counts; the largest error tells how far it went.
_TOLERANCES = {"time_s": 0.1, "horizontal_accuracy_m": math.inf}


def states(count: int, seed: int) -> Iterator[UasState]:
    """Aircraft that say everything, drawn over the ranges that all formats have: what is lost is the formats' doing."""
    draw = random.Random(seed)  # noqa: S311 (no secret)
    nations = sorted(NATIONS)
    for number in range(count):
        length = draw.randint(5, 15)
        tail = "".join(draw.choice("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(length))
        over_ground = number % 2 == 0
        course, speed = draw.uniform(0, 2 * math.pi), draw.uniform(0, 60)
        height = round(draw.uniform(0, 500), 1)
        yield UasState(
            time_s=_START_S + round(draw.uniform(0, 80_000), 3),
            serial_number=f"SYN1{length:X}{tail}",
            ua_type=draw.randint(1, 15),
            status=draw.randint(1, 3),
            latitude_deg=draw.uniform(-80, 80),
            longitude_deg=draw.uniform(-179, 179),
            altitude_hae_m=round(draw.uniform(0, 4_000), 1),
            altitude_amsl_m=round(draw.uniform(0, 4_000), 1),
            pressure_altitude_m=round(draw.uniform(0, 4_000), 1),
            height_agl_m=height if over_ground else None,
            height_takeoff_m=None if over_ground else height,
            east_m_s=speed * math.sin(course),
            north_m_s=speed * math.cos(course),
            climb_m_s=round(draw.uniform(-20, 20), 2),
            horizontal_accuracy_m=draw.choice((1.0, 3.0, 10.0, 30.0, 92.6)),
            vertical_accuracy_m=draw.choice((1.0, 3.0, 10.0)),
            speed_accuracy_m_s=draw.choice((0.3, 1.0, 3.0)),
            operator_id=f"SYN-OP-{number:04d}",
            operator_latitude_deg=draw.uniform(-80, 80),
            operator_longitude_deg=draw.uniform(-179, 179),
            operator_altitude_m=round(draw.uniform(0, 4_000)),
            description="Survey flight",
            country=draw.choice(nations),
            manufacturer="SYN",
            model=f"R{number % 10} ",
            source=(25, draw.randint(0, 255)),
            risk=(draw.randint(0, 3), draw.randint(0, 3), draw.randint(0, 15)),
        )
