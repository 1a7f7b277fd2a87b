// A map that asks no foreign host: coast and borders from world-atlas, relief from images the server makes.
import * as maplibregl from "maplibre-gl";
import { feature, mesh } from "topojson-client";

maplibregl.setWorkerUrl(new URL("./map-worker.js", import.meta.url).href);

const here = (name) => new URL(`./atlas/${name}`, import.meta.url).href;
const colours = { sea: "#dcebf5", land: "#f4f2ea", coast: "#8a9ba8", border: "#a9aeb1" };

async function atlas(name) {
  const answer = await fetch(here(name));
  if (!answer.ok) throw new Error(`${here(name)}: HTTP ${answer.status}`);
  return answer.json();
}

/**
 * A map in `container` with land, coast and borders drawn.
 * `options` are MapLibre's (center, zoom, bounds …). Resolves once layers may be added.
 */
export async function createMap(container, options = {}) {
  const [land, countries] = await Promise.all([atlas("land-10m.json"), atlas("countries-50m.json")]);
  const map = new maplibregl.Map({
    container,
    attributionControl: { compact: true, customAttribution: "Coast and borders: Natural Earth" },
    style: {
      version: 8,
      sources: {
        land: { type: "geojson", data: feature(land, land.objects.land) },
        borders: { type: "geojson", data: mesh(countries, countries.objects.countries, (a, b) => a !== b) },
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
  await map.once("load");
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
