"""Pages under ``/kits/<kit>/coverage/``: what a kit sees, and what it would see with a sensor elsewhere."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from skypact.engines.coverage.watching import Watcher
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.parameters import takes, unknown
from skypact.market.coverage import profiles, rasters, selectors, tiles
from skypact.market.coverage.charts import Chart
from skypact.market.coverage.figures import Cases, cases
from skypact.market.coverage.holding import COVERAGE, Held
from skypact.market.coverage.layers import Layer, Measure
from skypact.market.coverage.moves import Move, moved, moves_of
from skypact.market.coverage.presentation import PICTURE, Drawing, ExplorePage, relief_picture
from skypact.market.coverage.scenes import Scene
from skypact.market.kits import selectors as kits
from skypact.schema import InputError

#: Tiles once made, of all kits of this process; an empty one is a few hundred bytes, a full one some ten thousand.
_TILES: Held[bytes] = Held(COVERAGE)
#: What an address is named in refusals.
_ADDRESS = "address"
#: What addresses of this app carry: what is tried, the layer by its name or parts, a profile, the form of one sensor.
READ = (
    *("move", "layer", "measure", "threat", "height", "line", "sensor"),
    *("position", "lon", "lat", "mast", "azimuth"),
)
#: Raised when tiles are drawn otherwise: browsers then ask for them again.
_STYLE = 1


@dataclass(frozen=True)
class State:
    """What an address says: a kit, some of its sensors elsewhere."""

    scene: Scene
    moves: tuple[Move, ...]
    watchers: tuple[Watcher, ...]

    @classmethod
    def of(cls, request: HttpRequest, kit_id: str) -> State:
        """Raises Http404, StateError, InputError."""
        scene = selectors.scene(Actor.of_request(request), kit_id)
        moves = moves_of(request.GET.getlist("move"), file=_ADDRESS)
        return cls(scene, moves, moved(scene, moves, file=_ADDRESS))


Answer = Callable[..., HttpResponseBase]


def plainly(answer: Answer) -> Answer:
    """What cannot be answered is said in a line of text: a picture, a file or a part of a page is no page itself."""

    def respond(request: HttpRequest, kit_id: str, **named: object) -> HttpResponseBase:
        try:
            for one in unknown(request.GET, READ):
                raise InputError.single(file=_ADDRESS, place=one.name[:80], accepted=f"one of {', '.join(READ)}")
            return answer(request, kit_id, **named)
        except InputError as error:
            return HttpResponse(str(error), status=HTTPStatus.UNPROCESSABLE_ENTITY, content_type="text/plain")
        except StateError as error:
            return HttpResponse(str(error), status=HTTPStatus.CONFLICT, content_type="text/plain")

    return respond


@require_safe
@takes(*READ)
def explore(request: HttpRequest, kit_id: str) -> HttpResponseBase:
    """The map with its layers, sensors, figures, blind areas, and a profile if one is asked for."""
    try:
        if "position" in request.GET:
            return _tried(request, kit_id)
        state = State.of(request, kit_id)
        layer = _layer(request, state.scene)
        chart = _chart(request, state) if "line" in request.GET or "sensor" in request.GET else None
    except StateError as error:
        stored = kits.kit(Actor.of_request(request), kit_id)
        context = {"stored": stored, "reason": error}
        return render(request, "coverage/unexplorable.html", context, status=HTTPStatus.CONFLICT)
    except InputError as error:
        context = {"kit_id": kit_id, "problems": error.problems}
        return render(request, "coverage/refused.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    page = ExplorePage(state.scene, state.watchers, state.moves, layer, _cases(state, layer))
    drawing = Drawing(page, relief_picture(kit_id))
    line = ["", "", *request.GET.getlist("line")][-2:]
    return render(request, "coverage/explore.html", {"page": page, "drawing": drawing, "chart": chart, "line": line})


def _tried(request: HttpRequest, kit_id: str) -> HttpResponseBase:
    """The form for one sensor, as readers without a map use it: leads to the address with that sensor moved."""
    given = request.GET
    figures = [given.get("lon", ""), given.get("lat", ""), given.get("mast", "")]
    figures += [given["azimuth"]] if given.get("azimuth") else []
    tried = f"{given['position']}:{','.join(figure.strip() for figure in figures)}"
    kept = [text for text in given.getlist("move") if not text.startswith(f"{given['position']}:")]
    moves = moves_of([*kept, tried], file="form")
    moved(selectors.scene(Actor.of_request(request), kit_id), moves, file="form")
    query = QueryDict(mutable=True)
    query.setlist("move", [str(move) for move in moves])
    if given.get("layer"):
        query["layer"] = given["layer"]
    return HttpResponseRedirect(f"{reverse('coverage:explore', args=[kit_id])}?{query.urlencode()}#changed")


@require_safe
@plainly
def changed(request: HttpRequest, kit_id: str) -> HttpResponseBase:
    """The part of the page that tells figures: asked for again whenever a sensor was moved."""
    state = State.of(request, kit_id)
    layer = _layer(request, state.scene)
    page = ExplorePage(state.scene, state.watchers, state.moves, layer, _cases(state, layer))
    return _private(render(request, "coverage/_changed.html", {"page": page}))


@require_safe
@plainly
def profile(request: HttpRequest, kit_id: str) -> HttpResponseBase:
    """The part of the page that shows a profile."""
    state = State.of(request, kit_id)
    page = ExplorePage(state.scene, state.watchers, state.moves, _layer(request, state.scene), Cases((), ()))
    return _private(render(request, "coverage/_profile.html", {"chart": _chart(request, state), "page": page}))


@require_safe
@plainly
def profile_csv(request: HttpRequest, kit_id: str) -> HttpResponseBase:
    """Every place of a profile."""
    state = State.of(request, kit_id)
    text = profiles.csv_of(_profile(request, state))
    return _file(text, f"{kit_id}-profile.csv", "text/csv; charset=utf-8")


@require_safe
@plainly
def tile(request: HttpRequest, kit_id: str, *, layer: str, zoom: int, x: int, y: int) -> HttpResponseBase:
    """One tile of a layer. What was sent once is not made again: the tag names the kit, its version and the moves."""
    if not tiles.is_tile(zoom, x, y):
        raise Http404(f"there is no tile {zoom}/{x}/{y}")
    version = selectors.version(Actor.of_request(request), kit_id)
    moves = moves_of(request.GET.getlist("move"), file=_ADDRESS)
    key = (kit_id, version, layer, zoom, x, y, tuple(sorted(map(str, moves))), _STYLE)

    def made() -> HttpResponse:
        state = State.of(request, kit_id)
        found = Layer.named(layer, state.scene)
        image = _TILES.of(
            key,
            lambda: tiles.render(state.scene, state.watchers, found, tiles.Rectangle.of_tile(zoom, x, y)),
            size=len,
        )
        return HttpResponse(image, content_type="image/png")

    return _tagged(request, key, made)


@require_safe
@plainly
def picture(request: HttpRequest, kit_id: str) -> HttpResponseBase:
    """A layer over the whole relief, for readers without the map."""
    version = selectors.version(Actor.of_request(request), kit_id)
    moves = moves_of(request.GET.getlist("move"), file=_ADDRESS)
    key = (kit_id, version, request.GET.get("layer", ""), "whole", tuple(sorted(map(str, moves))), _STYLE)

    def made() -> HttpResponse:
        state = State.of(request, kit_id)
        rectangle = tiles.whole(state.scene.terrain, longest=PICTURE)
        image = tiles.render(state.scene, state.watchers, _layer(request, state.scene), rectangle)
        return HttpResponse(image, content_type="image/png")

    return _tagged(request, key, made)


@require_safe
@plainly
def lowest(request: HttpRequest, kit_id: str) -> HttpResponseBase:
    """The lowest height at which a threat class is seen, as a cloud-optimised GeoTIFF."""
    state = State.of(request, kit_id)
    threat = _threat(request, state.scene)
    with tempfile.TemporaryDirectory(prefix="skypact-coverage-") as folder:
        path = Path(folder) / "lowest.tif"
        rasters.write_lowest_seen(path, state.scene, state.watchers, threat)
        return _file(path.read_bytes(), f"{kit_id}-lowest-{threat}.tif", "image/tiff; application=geotiff")


@require_safe
@plainly
def blind_areas(request: HttpRequest, kit_id: str) -> HttpResponseBase:
    """The kit's blind areas."""
    kit = selectors.scene(Actor.of_request(request), kit_id).kit
    features = [
        {
            "type": "Feature",
            "geometry": area.outline.model_dump(mode="json"),
            "properties": {"threat": area.threat, "height_m": area.height_m, "area_m2": area.area_m2},
        }
        for area in kit.blind_areas
    ]
    document = {"type": "FeatureCollection", "features": features}
    return _file(json.dumps(document), f"{kit_id}-blind-areas.geojson", "application/geo+json")


@require_safe
@plainly
def positions(request: HttpRequest, kit_id: str) -> HttpResponseBase:
    """Where the sensors stand, moved ones where they were tried."""
    state = State.of(request, kit_id)
    page = ExplorePage(state.scene, state.watchers, state.moves, _layer(request, state.scene), Cases((), ()))
    text = json.dumps(page.features, ensure_ascii=False)
    return _file(text, f"{kit_id}-positions.geojson", "application/geo+json")


def _cases(state: State, layer: Layer) -> Cases:
    """The figures, what the map shows first."""
    return cases(state.scene, state.watchers, first=(layer.threat, layer.height_m))


def _layer(request: HttpRequest, scene: Scene) -> Layer:
    """The layer asked for by its name or by the form's parts; else the kinds that see the first class."""
    detection, given = scene.kit.requirement.detection, request.GET
    if given.get("layer"):
        return Layer.named(given["layer"], scene)
    measure, threat = given.get("measure") or Measure.KINDS.value, _threat(request, scene)
    if measure == Measure.LOWEST.value:
        return Layer.named(f"{measure}-{threat}", scene)
    height = given.get("height") or f"{detection.heights_m[0]:g}"
    return Layer.named(f"{measure}-{threat}-{height}", scene)


def _threat(request: HttpRequest, scene: Scene) -> str:
    threats = scene.kit.requirement.detection.threats
    threat = request.GET.get("threat", threats[0])
    if threat not in threats:
        raise InputError.single(
            file=_ADDRESS, place="threat", value=threat[:80], accepted=f"one of {', '.join(threats)}"
        )
    return threat


def _chart(request: HttpRequest, state: State) -> Chart:
    kept = QueryDict(mutable=True)
    for name in ("layer", "measure", "threat", "height", "sensor", "line", "move"):
        kept.setlist(name, [text for text in request.GET.getlist(name) if text])
    return Chart(_profile(request, state), kept.urlencode())


def _profile(request: HttpRequest, state: State) -> profiles.Profile:
    layer = _layer(request, state.scene)
    height = layer.height_m if layer.height_m is not None else state.scene.kit.requirement.detection.heights_m[0]
    return profiles.profile(
        state.scene,
        state.watchers,
        profiles.line_of([text for text in request.GET.getlist("line") if text], file=_ADDRESS, place="line"),
        threat=layer.threat,
        height_m=height,
        sensor=request.GET.get("sensor") or None,
        file=_ADDRESS,
    )


def _tagged(request: HttpRequest, key: tuple[object, ...], made: Callable[[], HttpResponse]) -> HttpResponseBase:
    """The answer with its tag; a reader who has it is told so before anything is made."""
    tag = f'"{hashlib.sha256(repr(key).encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=tag) or made()
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, max-age=600"
    patch_vary_headers(response, ("Cookie",))
    return response


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _file(content: str | bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
