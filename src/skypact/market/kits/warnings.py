"""How early approaches are noticed and where the site is blind, as rows of words for pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from skypact.market.kits import wording
from skypact.market.kits.rose import Spoke, rose_of
from skypact.schema import ApproachFigure, BearingWarning, BlindArea

#: The eight directions of the compass, clockwise from north; a sector reaches 22.5° to either side.
_OCTANTS = (
    _("north"),
    _("north-east"),
    _("east"),
    _("south-east"),
    _("south"),
    _("south-west"),
    _("west"),
    _("north-west"),
)


@dataclass(frozen=True)
class Octant:
    """The worst straight approach of one direction of the compass."""

    name: str
    warning: str
    first_seen: str
    never: bool


@dataclass(frozen=True)
class Approach:
    """The approaches of one threat class at one height."""

    figure: ApproachFigure
    threat: str

    @property
    def height(self) -> str:
        """The height above ground."""
        return wording.metres(self.figure.height_m)

    @property
    def speed(self) -> str:
        """The speed that the warning times are reckoned with."""
        speed = self.figure.speed_m_s
        return str(_("unknown")) if speed is None else f"{speed:g} m/s ({speed * 3.6:.0f} km/h)"

    @property
    def least(self) -> str:
        """The shortest warning of all straight approaches."""
        return wording.seconds(self.figure.least_warning_s)

    @property
    def worst(self) -> BearingWarning | None:
        """The straight approach that is noticed last."""
        return min(self.figure.bearings, key=_noticed_at, default=None)

    @property
    def worst_first_seen(self) -> str:
        """How far from the site's edge that one is noticed."""
        return "" if self.worst is None else _first_seen(self.worst.first_seen_m, at_least=self.worst.at_least)

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Every bearing with its distance and warning."""
        return [
            (
                f"{one.bearing_deg:.0f}°",
                _first_seen(one.first_seen_m, at_least=one.at_least),
                _warning(one),
            )
            for one in self.figure.bearings
        ]

    @property
    def octants(self) -> list[Octant]:
        """The worst approach of each of the eight directions."""
        found = []
        for number, name in enumerate(_OCTANTS):
            own = [one for one in self.figure.bearings if round(one.bearing_deg / 45.0) % 8 == number]
            if own:
                worst = min(own, key=_noticed_at)
                seen = _first_seen(worst.first_seen_m, at_least=worst.at_least)
                found.append(Octant(str(name), _warning(worst), seen, worst.first_seen_m is None))
        return found

    @property
    def rose(self) -> SafeString:
        """Warning by direction; distance where the speed is unknown."""
        by_time = self.figure.speed_m_s is not None
        spokes = [
            Spoke(one.bearing_deg, (one.warning_s if by_time else one.first_seen_m) or 0.0)
            for one in self.figure.bearings
        ]
        spoken = gettext("Warning by direction against {threat} at {height}; the table says the same.")
        return rose_of(
            spokes,
            spoken=spoken.format(threat=self.threat, height=self.height),
            unit="s" if by_time else "m",
            compass=[gettext("N"), gettext("E"), gettext("S"), gettext("W")],
        )

    @property
    def path(self) -> str:
        """The least observed approach in words; empty where none was looked for."""
        figure = self.figure
        if figure.path is None or figure.length_m is None or figure.observed_m is None:
            return ""
        told = gettext("{length} long, {observed} of it observed, {noticed}; warning {warning}")
        return told.format(
            length=wording.metres(figure.length_m),
            observed=wording.metres(figure.observed_m),
            noticed=gettext("never noticed")
            if figure.first_seen_m is None
            else gettext("first noticed with {left} to go").format(left=wording.metres(figure.first_seen_m)),
            warning=wording.seconds(figure.warning_s),
        )


def _noticed_at(one: BearingWarning) -> float:
    return -1.0 if one.first_seen_m is None else one.first_seen_m


def _first_seen(distance_m: float | None, *, at_least: bool) -> str:
    if distance_m is None:
        return gettext("never")
    return f"{'≥ ' if at_least else ''}{wording.metres(distance_m)}"


def _warning(one: BearingWarning) -> str:
    if one.first_seen_m is None:
        return gettext("none")
    return f"{'≥ ' if one.at_least and one.warning_s is not None else ''}{wording.seconds(one.warning_s)}"


@dataclass(frozen=True)
class Blind:
    """One blind area with its number on the map."""

    number: int
    area: BlindArea
    threat: str

    @property
    def height(self) -> str:
        """The height above ground."""
        return wording.metres(self.area.height_m)

    @property
    def size(self) -> str:
        """How large it is."""
        return wording.square_metres(self.area.area_m2)
