// The form "Protect a site": its map, which draws what the fields say and fills them in, and its tables of rows.
import { circle, collection, colours, extent, shape } from "./kits-shapes.js";
import { createMap, maplibregl, showShapes, withMap } from "./map.js";

const form = document.getElementById("requirement");
const field = (name) => form.elements.namedItem(name);
const number = (name) => (field(name).value.trim() === "" ? NaN : Number(field(name).value));
const place = () => field("place").value;

/* ---- the site, as the fields say it ---- */

const airports = new Map();

async function findAirports(text) {
  const answer = await fetch(`${form.dataset.airports}?q=${encodeURIComponent(text)}`);
  const found = answer.ok ? (await answer.json()).airports : [];
  for (const one of found) airports.set(one.icao, one);
  const list = document.getElementById("airports");
  list.replaceChildren(
    ...found.map((one) => Object.assign(document.createElement("option"), { value: one.icao, label: `${one.name}, ${one.city} (${one.country})` })),
  );
}

/** Polygons of the site as arrays of rings; empty while the fields do not say one. */
function sitePolygons() {
  if (place() === "area") return polygonsOf(field("area").value);
  const airport = airports.get(field("icao").value.trim().toUpperCase());
  const centre = place() === "airport" ? airport && [airport.lon, airport.lat] : [number("longitude"), number("latitude")];
  const radius = number(place() === "airport" ? "radius_m" : "circle_radius_m");
  if (!centre || !(Math.abs(centre[1]) < 85) || !(Math.abs(centre[0]) <= 180) || !(radius > 0)) return [];
  return [[circle(centre, radius)]];
}

function polygonsOf(text) {
  let document_;
  try {
    document_ = JSON.parse(text);
  } catch {
    return []; // half-typed text is no area yet; the server says what is wrong when the form is sent
  }
  const geometries = (one) =>
    one?.features?.flatMap(geometries) ?? one?.geometries?.flatMap(geometries) ?? (one?.geometry ? [one.geometry] : [one]);
  return geometries(document_).flatMap((one) =>
    one?.type === "Polygon" ? [one.coordinates] : one?.type === "MultiPolygon" ? one.coordinates : [],
  );
}

function ringPreview(polygons) {
  const distance = number("warning_distance_m");
  if (place() === "area" || !polygons.length || !(distance > 0)) return [];
  const [west, south] = extent(polygons)[0];
  const [east, north] = extent(polygons)[1];
  const radius = number(place() === "airport" ? "radius_m" : "circle_radius_m");
  return [circle([(west + east) / 2, (south + north) / 2], radius + distance)];
}

const points = () =>
  field("points").value.split("\n").map((line) => line.split(/[\s,]+/).filter(Boolean).map(Number)).filter((at) => at.length === 2 && at.every(Number.isFinite));

/* ---- the map ---- */

let map; // comes later than the form, or never
let corners = []; // of an area being drawn
let handles = [];

function draw() {
  if (!map) return;
  const polygons = sitePolygons();
  const keepClear = polygonsOf(field("exclude").value);
  showShapes(map, "exclude", collection(keepClear.map((rings) => shape("Polygon", rings))), [
    { type: "fill", paint: { "fill-color": colours.blind, "fill-opacity": 0.15 } },
  ]);
  showShapes(map, "site", collection(polygons.map((rings) => shape("Polygon", rings))), [
    { type: "fill", paint: { "fill-color": colours.ring, "fill-opacity": 0.12 } },
    { type: "line", paint: { "line-color": colours.site, "line-width": 2 } },
  ]);
  showShapes(map, "ring", collection(ringPreview(polygons).map((ring) => shape("LineString", ring))), [
    { type: "line", paint: { "line-color": colours.ring, "line-width": 2, "line-dasharray": [3, 2] } },
  ]);
  showShapes(map, "points", collection(points().map((at) => shape("Point", at))), [
    { type: "circle", paint: { "circle-radius": 6, "circle-color": colours.point, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 } },
  ]);
  const sketch = corners.length > 1 ? [shape("LineString", corners)] : [];
  showShapes(map, "sketch", collection([...sketch, ...corners.map((at) => shape("Point", at))]), [
    { type: "line", paint: { "line-color": colours.site, "line-width": 2 } },
    { type: "circle", paint: { "circle-radius": 5, "circle-color": "#ffffff", "circle-stroke-color": colours.site, "circle-stroke-width": 2 } },
  ]);
  drawHandles(polygons);
}

/** White corners of a simple area that can be dragged. */
function drawHandles(polygons) {
  for (const handle of handles) handle.remove();
  handles = [];
  const ring = place() === "area" && polygons.length === 1 && polygons[0].length === 1 ? polygons[0][0] : [];
  if (ring.length > 60) return;
  ring.slice(0, -1).forEach((at, index) => {
    const knob = Object.assign(document.createElement("span"), { className: "kits-handle" });
    const handle = new maplibregl.Marker({ element: knob, draggable: true }).setLngLat(at).addTo(map);
    handle.on("dragend", () => {
      const { lng, lat } = handle.getLngLat();
      const moved = ring.slice(0, -1).map((one, which) => (which === index ? rounded([lng, lat]) : one));
      writeArea(moved);
    });
    handles.push(handle);
  });
}

const rounded = ([lon, lat]) => [Number(lon.toFixed(6)), Number(lat.toFixed(6))];

function writeArea(ring) {
  field("area").value = JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
  field("place").value = "area";
  showPlace();
  draw();
}

function look() {
  const box = extent(sitePolygons(), ringPreview(sitePolygons()), points());
  if (map && box) map.fitBounds(box, { padding: 40, maxZoom: 15, duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 600 });
}

/* ---- tools: what a click on the map does ---- */

let tool = "look";
const help = document.getElementById("map-help");

function take(next) {
  tool = next;
  corners = [];
  help.textContent = help.dataset[tool];
  for (const button of document.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", button.dataset.tool === tool);
  map.getCanvas().style.cursor = tool === "look" ? "" : "crosshair";
  map.doubleClickZoom[tool === "area" ? "disable" : "enable"]();
  draw();
}

function closeArea() {
  const ring = corners.filter((at, index) => index === 0 || at.join() !== corners[index - 1].join());
  if (ring.length >= 3) {
    take("look");
    writeArea(ring);
  }
}

const clicks = {
  look() {},
  area: (at) => corners.push(at),
  circle([lon, lat]) {
    field("place").value = "circle";
    field("longitude").value = lon;
    field("latitude").value = lat;
    if (!(number("circle_radius_m") > 0)) field("circle_radius_m").value = 1000;
    showPlace();
  },
  points([lon, lat]) {
    const text = field("points");
    text.value = `${text.value.trimEnd()}${text.value.trim() ? "\n" : ""}${lon}, ${lat}`;
  },
};

function useTools() {
  document.querySelector(".kits-tools").hidden = false;
  for (const button of document.querySelectorAll("[data-tool]")) button.addEventListener("click", () => take(button.dataset.tool));
  map.on("click", ({ lngLat }) => {
    clicks[tool](rounded([lngLat.lng, lngLat.lat]));
    draw();
  });
  map.on("dblclick", () => tool === "area" && closeArea());
  map.getContainer().addEventListener("keydown", ({ key }) => {
    if (tool === "area" && key === "Enter") closeArea();
    if (key === "Escape") take(tool);
  });
  take("look");
}

/* ---- the form itself ---- */

function showPlace() {
  for (const part of form.querySelectorAll("[data-place]")) part.hidden = part.dataset.place !== place();
}

function useRows(box) {
  const table = box.querySelector("table");
  const total = box.querySelector("[name$=TOTAL_FORMS]");
  const wire = (row) => {
    const button = row.querySelector("[data-remove-row]");
    row.querySelector(".kits-rows__delete").hidden = true;
    button.hidden = false;
    button.addEventListener("click", () => {
      row.querySelector("[name$=DELETE]").checked = true;
      row.hidden = true;
      box.querySelector("[data-add-row]").focus();
    });
  };
  for (const row of table.tBodies[0].rows) wire(row);
  box.querySelector("[data-add-row]").addEventListener("click", () => {
    const holder = document.createElement("tbody");
    holder.innerHTML = box.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.rows[0];
    total.value = Number(total.value) + 1;
    table.tBodies[0].append(row);
    table.hidden = false;
    wire(row);
    row.querySelector("select, input").focus();
  });
}

showPlace();
for (const box of document.querySelectorAll("[data-rows]")) useRows(box);
document.getElementById("errors")?.focus();

form.addEventListener("input", async ({ target }) => {
  if (target.name === "icao") {
    const text = target.value.trim();
    if (text.length >= 2 && !airports.has(text.toUpperCase())) await findAirports(text);
  }
  draw();
});
form.addEventListener("change", ({ target }) => {
  if (target.name === "place") showPlace();
  if (["place", "icao", "radius_m", "area", "latitude", "longitude", "circle_radius_m", "points"].includes(target.name)) {
    draw();
    look();
  }
});

async function startMap() {
  map = await createMap("map", { center: [60, 25], zoom: 1.2, cooperativeGestures: matchMedia("(pointer: coarse)").matches });
  useTools();
  if (field("icao").value) await findAirports(field("icao").value);
  draw();
  look();
  document.getElementById("map").dataset.ready = "true";
}

await withMap(startMap);
