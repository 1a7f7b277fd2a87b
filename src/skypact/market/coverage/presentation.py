"""What the page shows beyond the scene's own fields: names, figures in words, shapes for the map and the drawings."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pyproj import Geod
from shapely.geometry import shape

from skypact.engines.coverage.watching import Watcher
from skypact.market.coverage import tiles
from skypact.market.coverage.figures import Case, Cases
from skypact.market.coverage.layers import HEIGHT_MAX_M, RAMP, STOPS_CHANCE, STOPS_M, Layer, Measure
from skypact.market.coverage.moves import MAST_MAX_M, Move
from skypact.market.coverage.scenes import Scene
from skypact.market.kits import mapping, wording
from skypact.market.kits.actions import kit_folder
from skypact.schema import BlindArea, KitItem, Position, Position3D

_EARTH = Geod(ellps="WGS84")
#: What the static picture is wide or high at most, pixels.
PICTURE = 900


MEASURES = {
    Measure.KINDS: _("Kinds of sensor that see a place"),
    Measure.LOWEST: _("Lowest height that is seen"),
    Measure.BLIND: _("Blind: not seen as asked"),
    Measure.CHANCE: _("Probability of detection"),
}


@dataclass(frozen=True)
class Stop:
    """One class of a scale."""

    colour: str
    words: str


@dataclass(frozen=True)
class Sensor:
    """One sensor unit on the map."""

    number: int
    item: KitItem
    position: Position3D
    watcher: Watcher
    """where it stands now"""
    at: Position
    move: Move | None
    ground_m: float | None

    @property
    def name(self) -> str:
        """Its product in the reader's language."""
        return wording.said(self.item.name, self.item.name_ko)

    @property
    def kinds(self) -> str:
        """Its sensing principles in the reader's words."""
        found = dict.fromkeys(each.kind for each in self.watcher.watching)
        return ", ".join(wording.word(kind) for kind in found)

    @property
    def azimuth_deg(self) -> float | None:
        """Where it looks from true north; None: all round."""
        turned = None if self.move is None else self.move.azimuth_deg
        return self.position.azimuth_deg if turned is None else turned

    @property
    def moved_m(self) -> float:
        """How far it stands from its place in the kit."""
        return _EARTH.inv(*self.position.at, *self.at)[2]


@dataclass(frozen=True)
class Blind:
    """One blind area as a row of the table."""

    number: int
    area: BlindArea
    threat: str
    bearing_deg: float
    distance_m: float

    @property
    def box(self) -> str:
        """West, south, east, north for the map to go to."""
        found = shape(self.area.outline.model_dump()).bounds
        return ",".join(f"{edge:.6f}" for edge in found)


class ExplorePage:
    """Everything the page asks for: a kit with some sensors moved, one layer of it, perhaps a profile."""

    def __init__(
        self, scene: Scene, watchers: Sequence[Watcher], moves: Sequence[Move], layer: Layer, cases: Cases
    ) -> None:
        self.scene, self.kit, self.layer = scene, scene.kit, layer
        self.cases, self.uncounted = cases.counted, cases.left
        self.requirement = scene.kit.requirement
        self.moves = {move.position: move for move in moves}
        self._watchers = watchers

    @property
    def query(self) -> str:
        """The moves as an address carries them."""
        return urlencode([("move", str(move)) for move in self.moves.values()])

    @property
    def layer_query(self) -> str:
        """The whole state as an address carries it."""
        state = [("layer", str(self.layer)), *(("move", str(move)) for move in self.moves.values())]
        return urlencode(state)

    @cached_property
    def sensors(self) -> list[Sensor]:
        """Every sensor unit, numbered as on the map."""
        items = {position.id: item for item in self.kit.items for position in item.positions}
        lon, lat = self.scene.terrain.to_lonlat([one.x for one in self._watchers], [one.y for one in self._watchers])
        ground = self.scene.terrain.height_at([one.x for one in self._watchers], [one.y for one in self._watchers])
        found = []
        for number, watcher in enumerate(self._watchers):
            move, position = self.moves.get(watcher.id), self.scene.positions[watcher.id]
            at = position.at if move is None else (round(float(lon[number]), 7), round(float(lat[number]), 7))
            height = None if math.isnan(ground[number]) else float(ground[number])
            found.append(Sensor(number + 1, items[watcher.id], position, watcher, at, move, height))
        return found

    @property
    def threats(self) -> list[tuple[str, str]]:
        """Id and name of every threat class asked for."""
        return [(threat, wording.threat_name(threat)) for threat in self.requirement.detection.threats]

    @property
    def height_m(self) -> float:
        """The height that is shown; of a layer without one the first that the requirement asks for."""
        return self.requirement.detection.heights_m[0] if self.layer.height_m is None else self.layer.height_m

    @property
    def region(self) -> str:
        """Of what shares are counted."""
        return self.requirement.detection.region.value

    @property
    def measures(self) -> list[tuple[str, str]]:
        """The layers there are, with their names; probabilities where the requirement asks for them."""
        return [
            (measure.value, str(words))
            for measure, words in MEASURES.items()
            if measure is not Measure.CHANCE or self.requirement.detection.physics
        ]

    @property
    def ramps(self) -> list[tuple[str, str, list[Stop]]]:
        """The layers that have a scale: name, heading, stops with their colours."""
        heights = [gettext("from %(height)s m on") % {"height": f"{stop:g}"} for stop in STOPS_M]
        chances = [f"≥ {stop * 100:g} %" for stop in STOPS_CHANCE]
        return [
            (Measure.LOWEST.value, gettext("Seen above ground"), _stops(heights)),
            (Measure.CHANCE.value, gettext("Probability of one look"), _stops(chances)),
        ]

    @property
    def compose_query(self) -> str:
        """What asks for a kit that stands at these places only."""
        places = dict.fromkeys(f"{lon:.7f},{lat:.7f}" for lon, lat in (sensor.at for sensor in self.sensors))
        return urlencode([("kit", self.kit.id), *(("stand", place) for place in places)])

    @property
    def tile_address(self) -> str:
        """The address of the layer's tiles, as other programs take it."""
        return self._tiles.replace("{layer}", str(self.layer)) + (f"?{self.query}" if self.query else "")

    @property
    def threat_name(self) -> str:
        """The threat class of the layer."""
        return wording.threat_name(self.layer.threat)

    @property
    def rows(self) -> list[tuple[str, Case, str]]:
        """Cases with the name of their threat class, and their change in words."""
        return [(wording.threat_name(case.threat), case, _change(case)) for case in self.cases]

    @property
    def all_cases(self) -> int:
        """How many cases the requirement asks for."""
        return len(self.cases) + len(self.uncounted)

    @property
    def uncounted_by_class(self) -> list[tuple[str, list[tuple[float, str]]]]:
        """Classes by name with heights of theirs that are not counted yet, and the address's query that counts each."""
        found: dict[str, list[tuple[float, str]]] = {}
        moves = [("move", str(move)) for move in self.moves.values()]
        for one in self.uncounted:
            layer = Layer(
                Measure.KINDS if self.layer.height_m is None else self.layer.measure, one.threat, one.height_m
            )
            found.setdefault(one.threat, []).append((one.height_m, urlencode([("layer", str(layer)), *moves])))
        return [(wording.threat_name(threat), heights) for threat, heights in found.items()]

    @property
    def shown(self) -> Case | None:
        """The case of the layer's threat class and height, if the requirement asks for it."""
        same = (case for case in self.cases if case.threat == self.layer.threat)
        return next((case for case in same if case.height_m == self.layer.height_m), None)

    @property
    def blind_areas(self) -> list[Blind]:
        """The kit's blind areas with where they lie from the site."""
        lon, lat = self._middle
        found = []
        for number, area in enumerate(self.kit.blind_areas, start=1):
            azimuth, _back, distance = _EARTH.inv(lon, lat, *area.centre)
            found.append(Blind(number, area, wording.threat_name(area.threat), azimuth % 360.0, distance))
        return found

    @cached_property
    def _middle(self) -> Position:
        centre = shape(self.kit.site_outline.model_dump()).centroid
        return centre.x, centre.y

    @property
    def features(self) -> dict[str, Any]:
        """The positions as GeoJSON."""
        return {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": list(sensor.at)},
                    "properties": {
                        "id": sensor.watcher.id,
                        "listing": sensor.item.listing,
                        "name": sensor.item.name,
                        "mast_m": sensor.watcher.mast_m,
                        "ground_m": sensor.ground_m,
                        "azimuth_deg": sensor.azimuth_deg,
                        "azimuth_width_deg": sensor.position.azimuth_width_deg,
                        "moved_m": round(sensor.moved_m, 2),
                    },
                }
                for sensor in self.sensors
            ],
        }

    @property
    def map_data(self) -> dict[str, Any]:
        """What the map's script reads."""
        here = self._address
        return {
            "bounds": tiles.lonlat_bounds(self.scene.terrain),
            "tiles": self._tiles,
            "page": here("explore"),
            "changed": here("changed"),
            "profile": here("profile"),
            "layer": {"measure": self.layer.measure, "threat": self.layer.threat, "height_m": self.layer.height_m},
            "heightMost": HEIGHT_MAX_M,
            "mastMost": MAST_MAX_M,
            "relief": relief_picture(self.kit.id),
            "shapes": self._shapes,
            "sensors": [
                {
                    "id": sensor.watcher.id,
                    "number": sensor.number,
                    "name": f"{sensor.name} ({sensor.kinds})",
                    "kind": sensor.watcher.watching[0].kind.value if sensor.watcher.watching else "",
                    "at": sensor.position.at,
                    "mast_m": sensor.position.mast_m,
                    "azimuth_deg": sensor.position.azimuth_deg,
                    "reaches": [
                        {"threat": each.threat, "range_m": each.range_m, "width_deg": each.width_deg}
                        for each in sensor.watcher.watching
                    ],
                }
                for sensor in self.sensors
            ],
            "moves": [
                {
                    "id": move.position,
                    "at": [move.lon, move.lat],
                    "mast_m": move.mast_m,
                    "azimuth_deg": move.azimuth_deg,
                }
                for move in self.moves.values()
            ],
        }

    @property
    def _tiles(self) -> str:
        return self._address("tile", "LAYER", 0, 0, 0).replace("LAYER/0/0/0", "{layer}/{z}/{x}/{y}")

    def _address(self, name: str, *arguments: object) -> str:
        return reverse(f"coverage:{name}", args=[self.kit.id, *arguments])

    @property
    def _shapes(self) -> dict[str, Any]:
        kept = mapping.features_of(self.kit)["features"]
        outlines = [each for each in kept if each["properties"]["role"] in ("site", "ring")]
        areas = [
            {
                "type": "Feature",
                "geometry": area.outline.model_dump(mode="json"),
                "properties": {"role": "blind-area", "threat": area.threat, "height_m": area.height_m},
            }
            for area in self.kit.blind_areas
        ]
        return {"type": "FeatureCollection", "features": [*outlines, *areas]}

    @property
    def changed_data(self) -> dict[str, Any]:
        """What the map draws anew after a sensor was moved: stretches of the ring that nobody sees, by case."""
        return {
            "blind": [
                {
                    "threat": case.threat,
                    "height_m": case.height_m,
                    "lines": [line.model_dump(mode="json")["coordinates"] for line in case.blind],
                }
                for case in self.cases
            ]
        }


def _stops(words: Iterable[str]) -> list[Stop]:
    """The classes of a scale with the colours of the ramp."""
    colours = ("#" + "".join(f"{round(band):02x}" for band in colour) for colour in RAMP)
    return [Stop(colour, text) for colour, text in zip(colours, words, strict=True)]


def _change(case: Case) -> str:
    """The change of a share in percentage points, for people."""
    points = case.change * 100
    if abs(points) < 1e-9:
        return gettext("no change")
    return gettext("%(points)s points") % {"points": f"{points:+.1f}" if abs(points) >= 0.05 else f"{points:+.2f}"}


def relief_picture(kit_id: str) -> dict[str, Any]:
    """The picture of the relief that the kit was kept with: its address, and where its corners lie."""
    bounds = json.loads((kit_folder(kit_id) / "bounds.json").read_text(encoding="utf-8"))["hillshade"]
    return {"url": reverse("kits:picture", args=[kit_id, bounds["file"]]), "corners": bounds["corners"]}


class Drawing:
    """The picture for readers without the map: the layer, the ring, the sensors by number, in pixels of the picture."""

    def __init__(self, page: ExplorePage, relief: dict[str, Any]) -> None:
        self._page = page
        self._rectangle = tiles.whole(page.scene.terrain, longest=PICTURE)
        self.width, self.height = self._rectangle.columns, self._rectangle.rows
        self.relief = relief["url"]
        left, top = self._pixel(relief["corners"][0])
        right, bottom = self._pixel(relief["corners"][2])
        self.relief_box = {"x": left, "y": top, "width": right - left, "height": bottom - top}

    def _pixel(self, position: Iterable[float]) -> tuple[float, float]:
        lon, lat = position
        west, _south, _east, north = self._rectangle.bounds
        x, y = tiles.mercator(lon, lat)
        return round((x - west) / self._rectangle.pixel_m, 1), round((north - y) / self._rectangle.pixel_m, 1)

    def _path(self, line: Iterable[Iterable[float]]) -> str:
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in map(self._pixel, line))

    @property
    def site(self) -> list[str]:
        """The outline of the site."""
        outline = shape(self._page.kit.site_outline.model_dump())
        parts = outline.geoms if hasattr(outline, "geoms") else [outline]
        return [self._path(ring.coords) for part in parts for ring in (part.exterior, *part.interiors)]

    @property
    def ring(self) -> list[str]:
        """The warning ring."""
        return [self._path(line.coordinates) for line in self._page.kit.ring]

    @property
    def blind(self) -> list[str]:
        """Its stretches that nobody sees, of the case that is shown."""
        case = self._page.shown
        return [] if case is None else [self._path(line.coordinates) for line in case.blind]

    @property
    def sensors(self) -> list[dict[str, Any]]:
        """Where the sensors stand; those of one place one beside the other."""
        found: list[dict[str, Any]] = []
        taken: dict[tuple[float, float], int] = {}
        for sensor in self._page.sensors:
            x, y = self._pixel(sensor.at)
            beside = taken.get((x, y), 0)
            taken[x, y] = beside + 1
            found.append({"x": x + 26 * beside, "y": y, "number": sensor.number})
        return found
