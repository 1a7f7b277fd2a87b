// Sensors on the map as buttons: dragged, or moved with the keyboard; a handle turns those that look one way.
import { maplibregl } from "./map.js";

/** Metres of one degree of latitude on a sphere as large as the Earth. */
const degree = 111_195;
const stretch = (lat) => Math.cos((lat * Math.PI) / 180);
const arrows = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const STEP_M = 10;

export const whole = (degrees) => ((Math.round(degrees) % 360) + 360) % 360;

/** The place so many metres east and north of another; a preview, the server computes on the ellipsoid. */
export const shifted = ([lon, lat], east, north) => [lon + east / degree / stretch(lat), lat + north / degree];

const bearing = ([lon, lat], [toLon, toLat]) => whole((Math.atan2((toLon - lon) * stretch(lat), toLat - lat) * 180) / Math.PI);
const towards = (at, azimuth, metres) => {
  const turn = (azimuth * Math.PI) / 180;
  return shifted(at, metres * Math.sin(turn), metres * Math.cos(turn));
};

/** What lies in range and sector, the relief left aside, as a ring of positions. */
export function sector(at, range, azimuth, width) {
  const round = azimuth === null || width === null || width >= 360;
  const [from, span] = round ? [0, 360] : [azimuth - width / 2, width];
  const steps = Math.max(8, Math.round(span / 4));
  const arc = Array.from({ length: steps + 1 }, (_, step) => towards(at, from + (span * step) / steps, range));
  return round ? arc : [at, ...arc, at];
}

export class Sensors {
  #map;
  #trial;
  #told;
  #markers = new Map();
  #handle;
  chosen = null;

  /** `told` hears of every change: ("moving" | "moved" | "chosen", id). */
  constructor(map, sensors, trial, told) {
    this.#map = map;
    this.#trial = trial;
    this.#told = told;
    this.sensors = new Map(sensors.map((sensor) => [sensor.id, sensor]));
    for (const sensor of sensors) this.#add(sensor);
    this.#handle = this.#makeHandle();
    this.draw();
  }

  #add(sensor) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "kits-pin cov-sensor";
    element.textContent = sensor.number;
    element.setAttribute("aria-label", `${sensor.number}: ${sensor.name}`);
    element.setAttribute("aria-pressed", "false");
    const marker = new maplibregl.Marker({ element, draggable: true }).setLngLat(sensor.at).addTo(this.#map);
    marker.on("dragstart", () => {
      this.choose(sensor.id);
      this.#trial.begin();
    });
    marker.on("drag", () => this.#dragged(sensor.id, marker, "moving"));
    marker.on("dragend", () => this.#dragged(sensor.id, marker, "moved"));
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      this.choose(sensor.id);
    });
    element.addEventListener("focus", () => this.choose(sensor.id));
    element.addEventListener("keydown", (event) => this.#pressed(event, sensor.id));
    this.#markers.set(sensor.id, marker);
  }

  #dragged(id, marker, how) {
    const { lng, lat } = marker.getLngLat();
    this.#trial.set(id, { at: [lng, lat] }, { going: true });
    this.#placeHandle();
    this.#told(how, id);
  }

  #pressed(event, id) {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    const { at, mast_m, azimuth_deg } = this.#trial.of(id);
    const far = shiftKey ? 10 : 1;
    if (arrows[key]) this.#trial.set(id, { at: shifted(at, arrows[key][0] * STEP_M * far, arrows[key][1] * STEP_M * far) });
    else if (key === "+" || key === "=") this.#trial.set(id, { mast_m: mast_m + 1 });
    else if (key === "-" || key === "_") this.#trial.set(id, { mast_m: Math.max(0, mast_m - 1) });
    else if ((key === "[" || key === "]") && azimuth_deg !== null) this.#trial.set(id, { azimuth_deg: whole(azimuth_deg + (key === "]" ? 5 : -5)) });
    else if (key === "Escape") this.#trial.home(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.draw();
    this.#told("moved", id);
  }

  /** Turns to one sensor, or with null to none. */
  choose(id) {
    if (this.chosen === id) return;
    this.chosen = id;
    for (const [each, marker] of this.#markers) marker.getElement().setAttribute("aria-pressed", String(each === id));
    this.#placeHandle();
    this.#told("chosen", id);
  }

  #makeHandle() {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "cov-handle";
    const handle = new maplibregl.Marker({ element, draggable: true }).setLngLat([0, 0]).addTo(this.#map);
    const turn = (how) => {
      const { lng, lat } = handle.getLngLat();
      this.#trial.set(this.chosen, { azimuth_deg: bearing(this.#trial.of(this.chosen).at, [lng, lat]) }, { going: true });
      if (how === "moved") this.#placeHandle();
      this.#told(how, this.chosen);
    };
    handle.on("dragstart", () => this.#trial.begin());
    handle.on("drag", () => turn("moving"));
    handle.on("dragend", () => turn("moved"));
    element.addEventListener("click", (event) => event.stopPropagation());
    element.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      this.#trial.set(this.chosen, { azimuth_deg: whole(this.#trial.of(this.chosen).azimuth_deg + step) });
      this.#placeHandle();
      this.#told("moved", this.chosen);
    });
    return handle;
  }

  #placeHandle() {
    const element = this.#handle?.getElement();
    if (!element) return;
    const now = this.chosen && this.#trial.of(this.chosen);
    element.hidden = !now || now.azimuth_deg === null;
    if (element.hidden) return;
    const sensor = this.sensors.get(this.chosen);
    element.setAttribute("aria-label", `${sensor.number}: ${now.azimuth_deg}°`);
    this.#handle.setLngLat(towards(now.at, now.azimuth_deg, Math.max(...sensor.reaches.map(({ range_m }) => range_m), 100) / 3));
  }

  /** Puts every sensor where it is tried; those of one place stand side by side. */
  draw() {
    const taken = new Map();
    for (const [id, marker] of this.#markers) {
      const { at } = this.#trial.of(id);
      const beside = taken.get(at.join()) ?? 0;
      taken.set(at.join(), beside + 1);
      marker.setOffset([30 * beside, 0]).setLngLat(at);
      marker.getElement().classList.toggle("cov-sensor--moved", this.#trial.isMoved(id));
    }
    this.#placeHandle();
  }
}
