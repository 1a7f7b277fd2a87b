// A map that asks no foreign host: coast and borders from world-atlas, relief from images the server makes.
import * as maplibregl from "maplibre-gl";
import { feature, mesh } from "topojson-client";

maplibregl.setWorkerUrl(new URL("./map-worker.js", import.meta.url).href);

const here = (name) => new URL(`./atlas/${name}`, import.meta.url).href;
const colours = { sea: "#dcebf5", land: "#f4f2ea", coast: "#8a9ba8", border: "#a9aeb1" };

async function atlas(name) {
  try {
    const answer = await fetch(here(name));
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return await answer.json();
  } catch (error) {
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
}

/** The ring or line without a jump from one edge of the world map to the other: longitudes go on beyond ±180. */
function unwrapped(line) {
  let turn = 0;
  return line.map(([lon, lat], index) => {
    const step = index ? lon - line[index - 1][0] : 0;
    if (Math.abs(step) > 180) turn -= 360 * Math.sign(step);
    return [lon + turn, lat];
  });
}

/** A ring that went once around the world, Antarctica's, is closed along the South Pole. */
function closed(ring) {
  const whole = unwrapped(ring);
  const [first, last] = [whole[0], whole.at(-1)];
  return Math.abs(last[0] - first[0]) < 180 ? whole : [...whole, [last[0], -90], [first[0], -90], first];
}

/** The polygons of `land` and the lines of `borders`, fit for a flat map: world-atlas knows no edge at ±180°. */
const flatLand = (land) => ({
  ...land,
  features: land.features.map(({ geometry, ...rest }) => ({
    ...rest,
    geometry: { ...geometry, coordinates: geometry.coordinates.map((polygon) => polygon.map(closed)) },
  })),
});
const flatLines = (lines) => ({ ...lines, coordinates: lines.coordinates.map(unwrapped) });

/** Whether this browser can draw maps at all: without WebGL 2 it cannot, and pages go on without. */
function drawsMaps() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

/** A map that has drawn nothing after so long never will: its worker cannot run. A lost one may come back for so long. */
const NEVER_MS = 60_000;
const LOST_MS = 5_000;

/** Shows the map, or in its place why there is none: in the words of `#no-map`, whose `data-failed` has a `{reason}`. */
function showInstead(reason) {
  const notice = document.getElementById("no-map");
  document.getElementById("map").hidden = reason !== null;
  notice.hidden = reason === null;
  if (reason) notice.textContent = notice.dataset.failed.replace("{reason}", reason);
}

/**
 * Lets `begin` draw the page's map into `#map`. Where that cannot be, whatever the reason, the page goes on without: the
 * map leaves, `#no-map` says why, and `without` does what else a page without map needs.
 */
export async function withMap(begin, without = () => {}) {
  if (!drawsMaps()) {
    showInstead("");
    without();
    return;
  }
  try {
    await begin();
  } catch (error) {
    console.error(error);
    showInstead(error.message.startsWith("{") ? "WebGL" : error.message); // MapLibre tells of WebGL in JSON
    without();
  }
}

/** Resolves once `map` is drawn; rejects where its own sources fail or nothing happens. */
function drawn(map) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("map-worker.js")), NEVER_MS);
    const settled = (end) => (event) => {
      clearTimeout(late);
      map.off("error", failed);
      end(event.error);
    };
    const failed = settled((error) => reject(error));
    map.on("error", failed);
    map.once("load", settled(() => resolve()));
  });
}

/** The graphics of a map may be taken away at any time; what does not come back is said. */
function watchLoss(map) {
  let lost;
  map.on("webglcontextlost", () => {
    lost = setTimeout(() => showInstead("WebGL"), LOST_MS);
  });
  map.on("webglcontextrestored", () => {
    clearTimeout(lost);
    showInstead(null);
    map.resize();
  });
}

/**
 * A map in `container` with land, coast and borders drawn.
 * `options` are MapLibre's (center, zoom, bounds …). Resolves once layers may be added; rejects where that cannot be.
 */
export async function createMap(container, options = {}) {
  const [land, countries] = await Promise.all([atlas("land-10m.json"), atlas("countries-50m.json")]);
  const map = new maplibregl.Map({
    container,
    attributionControl: { compact: true, customAttribution: "Coast and borders: Natural Earth" },
    style: {
      version: 8,
      sources: {
        land: { type: "geojson", data: flatLand(feature(land, land.objects.land)) },
        borders: { type: "geojson", data: flatLines(mesh(countries, countries.objects.countries, (a, b) => a !== b)) },
      },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": colours.sea } },
        { id: "land", type: "fill", source: "land", paint: { "fill-color": colours.land } },
        { id: "coast", type: "line", source: "land", paint: { "line-color": colours.coast, "line-width": 1 } },
        {
          id: "borders",
          type: "line",
          source: "borders",
          paint: { "line-color": colours.border, "line-dasharray": [3, 2] },
        },
      ],
    },
    ...options,
  });
  map.addControl(new maplibregl.NavigationControl({ visualizePitch: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-left");
  try {
    await drawn(map);
  } catch (error) {
    map.remove();
    throw error;
  }
  watchLoss(map);
  return map;
}

/** Lays the image at `url` over the map; `corners` are [lon, lat] from the top left, clockwise. Replaces one of that id. */
export function showImage(map, id, { url, corners, opacity = 1 }) {
  const source = map.getSource(id);
  if (source) return source.updateImage({ url, coordinates: corners });
  map.addSource(id, { type: "image", url, coordinates: corners });
  map.addLayer({ id, type: "raster", source: id, paint: { "raster-opacity": opacity, "raster-fade-duration": 0 } });
}

/** Shows GeoJSON `data` in `layers` (MapLibre layers without id and source). Replaces data of that id. */
export function showShapes(map, id, data, layers) {
  const source = map.getSource(id);
  if (source) return source.setData(data);
  map.addSource(id, { type: "geojson", data });
  layers.forEach((layer, index) => map.addLayer({ id: `${id}-${index}`, source: id, ...layer }));
}

export { maplibregl };
