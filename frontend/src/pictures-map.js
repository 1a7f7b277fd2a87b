// What maps of combined pictures draw alike: tracks, looks of the sources, where sensors stand.
import { collection, extent, shape } from "./kits-shapes.js";
import { createMap, maplibregl, showShapes } from "./map.js";

const casing = { "line-color": "#ffffff", "line-width": 6, "line-opacity": 0.9 };
const round = { "line-cap": "round", "line-join": "round" };

/** A map that shows `places` ([lon, lat]); its controls speak to the keyboard as MapLibre's do. */
export function pictureMap(places) {
  const box = extent(...places) ?? [[-10, 35], [40, 60]];
  return createMap("map", {
    bounds: box,
    fitBoundsOptions: { padding: 48, maxZoom: 16 },
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
  });
}

export const line = (points, properties) => shape("LineString", points, properties);
export const point = (at, properties) => shape("Point", at, properties);

/** Tracks as thick dark lines; `data` of lines with the property `number`. */
export function showTracks(map, id, data, { faint = false } = {}) {
  showShapes(map, id, data, [
    ...(faint ? [] : [{ type: "line", layout: round, paint: casing }]),
    { type: "line", layout: round, paint: { "line-color": "#1b1b1b", "line-width": faint ? 1.5 : 3, "line-opacity": faint ? 0.35 : 1 } },
  ]);
}

/** Looks as dots of their source's colour; with the property `t` older ones fade. */
export function showLooks(map, id, data) {
  showShapes(map, id, data, [
    {
      type: "circle",
      paint: { "circle-color": ["get", "colour"], "circle-radius": 3.5, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1 },
    },
  ]);
}

/** A numbered pin for each fused track; moved with `place`, hidden with null. */
export class Pins {
  #map;
  #pins = new Map();

  constructor(map) {
    this.#map = map;
  }

  place(number, at, words) {
    let pin = this.#pins.get(number);
    if (!pin) {
      if (!at) return;
      const element = document.createElement("span");
      element.className = "pic-number-pin pic-number-pin--map";
      element.textContent = number;
      pin = new maplibregl.Marker({ element }).setLngLat(at).addTo(this.#map);
      this.#pins.set(number, pin);
    }
    pin.getElement().hidden = !at;
    if (!at) return;
    pin.setLngLat(at);
    pin.getElement().setAttribute("aria-label", words ?? String(number));
  }

  /** Only the pins of `numbers` stay. */
  keep(numbers) {
    for (const [number, pin] of this.#pins) {
      if (numbers.has(number)) continue;
      pin.remove();
      this.#pins.delete(number);
    }
  }

  show(visible) {
    for (const pin of this.#pins.values()) pin.getElement().classList.toggle("pic-off", !visible);
  }
}

/** A square where a sensor stands. */
export function markSensor(map, at, { colour, name }) {
  const element = document.createElement("span");
  element.className = "pic-sensor";
  element.style.background = colour;
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", name);
  element.title = name;
  return new maplibregl.Marker({ element }).setLngLat(at).addTo(map);
}

export { collection, maplibregl, showShapes };
