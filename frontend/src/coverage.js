// What a kit sees: layers as tiles, sensors that can be tried elsewhere, a profile along a drawn line.
import { Sensors, sector } from "./coverage-sensors.js";
import { Trial } from "./coverage-trial.js";
import { collection, colours, extent, shape } from "./kits-shapes.js";
import { createMap, showImage, showShapes, withMap } from "./map.js";

const data = JSON.parse(document.getElementById("map-data").textContent);
const part = (id) => document.getElementById(id);
const chosen = { ...data.layer };
const trial = new Trial(data.sensors, data.moves);
const REST_MS = 180;

const layerName = () => `${chosen.measure}-${chosen.threat}${chosen.measure === "lowest" ? "" : `-${chosen.height_m}`}`;
const movesQuery = () => new URLSearchParams(trial.moves.map((move) => ["move", move]));
function stateQuery() {
  const query = movesQuery();
  query.set("layer", layerName());
  return query;
}
const tilesUrl = () => `${location.origin}${data.tiles.replace("{layer}", layerName())}?${movesQuery()}`;

/* ---- what the server is asked ---- */

const asking = {};

/** The text at `address`, unless the same is asked anew meanwhile; null then, and where the server refuses. */
async function ask(address, query) {
  asking[address]?.abort();
  asking[address] = new AbortController();
  const { signal } = asking[address];
  const box = part("changed");
  say(box.dataset.working);
  try {
    const answer = await fetch(`${address}?${query}`, { signal, headers: { Accept: "text/html" } });
    const text = await answer.text();
    if (signal.aborted) return null;
    say(answer.ok ? "" : text, !answer.ok);
    return answer.ok ? text : null;
  } catch (error) {
    if (error.name !== "AbortError") say(box.dataset.failed, true);
    return null;
  }
}

function say(text, wrong = false) {
  part("status").textContent = text;
  part("status").classList.toggle("cov-status--wrong", wrong);
}

let resting;

/** The figures and tiles for what is tried now, once the hand rests. */
function recompute({ after = REST_MS } = {}) {
  clearTimeout(resting);
  resting = setTimeout(async () => {
    const text = await ask(data.changed, stateQuery());
    if (text === null) return;
    part("changed").innerHTML = text;
    history.replaceState(null, "", `${data.page}?${stateQuery()}`);
    keepForms();
    drawLayer();
    drawBlind();
  }, after);
}

/** Forms and links that lead elsewhere carry what is tried. */
function keepForms() {
  for (const form of document.querySelectorAll("#try-form, #profile-form, #layer-form")) {
    for (const old of form.querySelectorAll("[name=move]")) old.remove();
    for (const move of trial.moves) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "move", value: move }));
    const layer = form.elements.layer;
    if (layer) layer.value = layerName();
  }
  for (const link of document.querySelectorAll("[data-carries=threat]")) {
    const query = movesQuery();
    query.set("threat", chosen.threat);
    link.search = query;
  }
  part("tile-address").textContent = `${data.tiles.replace("{layer}", layerName())}${trial.moves.length ? `?${movesQuery()}` : ""}`;
  for (const [name, may] of Object.entries(trial.can)) part(name).disabled = !may;
}

/* ---- the map ---- */

let map;
let sensors;

function drawLayer() {
  const source = map.getSource("layer");
  if (source) source.setTiles([tilesUrl()]);
  else {
    map.addSource("layer", { type: "raster", tiles: [tilesUrl()], tileSize: 256, bounds: data.bounds, maxzoom: 17 });
    map.addLayer({ id: "layer", type: "raster", source: "layer", paint: { "raster-fade-duration": 0, "raster-resampling": "nearest" } });
  }
}

const roles = (...wanted) => collection(data.shapes.features.filter((one) => wanted.includes(one.properties.role)));

function drawLines() {
  showShapes(map, "site", roles("site"), [{ type: "line", paint: { "line-color": colours.site, "line-width": 2 } }]);
  showShapes(map, "ring", roles("ring"), [
    { type: "line", paint: { "line-color": "#ffffff", "line-width": 6, "line-opacity": 0.8 } },
    { type: "line", paint: { "line-color": colours.ring, "line-width": 3 } },
  ]);
}

function drawBlind() {
  const { blind } = JSON.parse(part("changed-data").textContent);
  const found = blind.find((one) => one.threat === chosen.threat && one.height_m === chosen.height_m);
  const lines = collection((found?.lines ?? []).map((line) => shape("LineString", line)));
  showShapes(map, "blind", lines, [
    { type: "line", layout: { "line-cap": "round" }, paint: { "line-color": "#ffffff", "line-width": 9 } },
    { type: "line", layout: { "line-cap": "round" }, paint: { "line-color": colours.blind, "line-width": 6 } },
  ]);
}

function drawReach() {
  const sensor = data.sensors.find(({ id }) => id === sensors?.chosen);
  const now = sensor && trial.of(sensor.id);
  const found = (sensor?.reaches ?? [])
    .filter(({ threat }) => threat === chosen.threat)
    .map(({ range_m, width_deg }) => shape("Polygon", [sector(now.at, range_m, now.azimuth_deg, width_deg)]));
  const colour = colours.sensor[sensor?.kind] ?? "#3d4551";
  showShapes(map, "reach", collection(found), [
    { type: "line", paint: { "line-color": colour, "line-width": 2, "line-dasharray": [4, 3] } },
  ]);
}

function frame() {
  const places = roles("site", "ring").features.map((one) => one.geometry.coordinates);
  return extent(...places, ...data.sensors.map(({ at }) => at));
}

/* ---- the forms beside it ---- */

function showLegend() {
  for (const box of document.querySelectorAll("[data-legend]")) box.hidden = box.dataset.legend !== chosen.measure;
  part("height-field").hidden = chosen.measure === "lowest";
}

function chooseLayer() {
  const form = part("layer-form");
  const height = Number(form.elements.height.value);
  chosen.measure = form.elements.measure.value;
  chosen.threat = form.elements.threat.value;
  if (form.elements.height.value !== "" && height >= 0 && height <= data.heightMost) chosen.height_m = Math.round(height * 10) / 10;
  showLegend();
  drawReach();
  recompute({ after: 0 });
}

function fillTry(id) {
  const { at, mast_m, azimuth_deg } = trial.of(id);
  const form = part("try-form").elements;
  form.position.value = id;
  form.lon.value = at[0];
  form.lat.value = at[1];
  form.mast.value = mast_m;
  form.azimuth.value = azimuth_deg ?? "";
  part("azimuth-field").hidden = azimuth_deg === null;
  if (part("sensor").value) part("sensor").value = id;
}

function heard(how, id) {
  if (id) fillTry(id);
  drawReach();
  if (how === "chosen") return;
  if (how === "moved") sensors.draw();
  recompute();
}

function useForms() {
  part("layer-form").addEventListener("submit", (event) => event.preventDefault());
  part("layer-form").addEventListener("change", chooseLayer);
  part("position").addEventListener("change", ({ target }) => (sensors ? sensors.choose(target.value) : fillTry(target.value)));
  part("try-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const { position, lon, lat, mast, azimuth } = event.target.elements;
    const numbers = [lon, lat, mast].map((field) => Number(field.value.trim().replace(",", ".")));
    const azimuthGiven = azimuth.value.trim() === "" ? {} : { azimuth_deg: Number(azimuth.value) };
    trial.set(position.value, { at: numbers.slice(0, 2), mast_m: numbers[2], ...azimuthGiven });
    redrawn();
  });
  for (const act of ["undo", "redo", "reset"]) {
    part(act).addEventListener("click", () => {
      trial[act]();
      redrawn();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.target.matches("input, textarea")) return;
    event.preventDefault();
    trial[event.shiftKey ? "redo" : "undo"]();
    redrawn();
  });
  for (const button of document.querySelectorAll("[data-plain]")) button.hidden = true;
}

/** After the moves changed by anything but a hand on the map. */
function redrawn() {
  sensors.draw();
  drawReach();
  if (sensors.chosen) fillTry(sensors.chosen);
  recompute({ after: 0 });
}

/* ---- profiles ---- */

const line = { corners: [], drawing: false };

async function showProfile(query) {
  const text = await ask(data.profile, query);
  if (text !== null) part("profile").innerHTML = text;
}

function useProfile() {
  part("profile-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const { sensor } = event.target.elements;
    const corners = [part("line-0"), part("line-1")].map(({ value }) => value.replaceAll(/\s+/g, "")).filter((text, index) => text && !(index === 0 && sensor.value));
    cut(corners, sensor.value);
  });
  part("draw").addEventListener("click", () => drawing(!line.drawing));
  map.on("click", ({ lngLat }) => {
    if (!line.drawing) return sensors.choose(null); // so that a line may begin anywhere
    line.corners.push([lngLat.lng, lngLat.lat]);
    if (sensors.chosen) finish();
    else drawLine();
  });
  map.on("dblclick", (event) => {
    if (!line.drawing) return;
    event.preventDefault();
    finish();
  });
  map.getContainer().addEventListener("keydown", ({ key }) => {
    if (line.drawing && key === "Enter") finish();
    if (line.drawing && key === "Escape") drawing(false);
  });
}

function drawing(on) {
  line.drawing = on;
  line.corners = [];
  part("draw").setAttribute("aria-pressed", String(on));
  part("hint").hidden = on;
  part("drawing-hint").hidden = !on;
  map.getCanvas().style.cursor = on ? "crosshair" : "";
  drawLine();
}

function drawLine() {
  const start = line.drawing && sensors.chosen ? [trial.of(sensors.chosen).at] : [];
  const corners = [...start, ...line.corners];
  const drawn = corners.length > 1 ? [shape("LineString", corners)] : [];
  showShapes(map, "profile", collection([...drawn, ...line.corners.map((at) => shape("Point", at))]), [
    { type: "line", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": "#ffffff", "line-width": 6 } },
    { type: "line", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": "#7c1d48", "line-width": 3 } },
    { type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": "#7c1d48", "circle-radius": 5, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 } },
  ]);
}

function finish() {
  const apart = line.corners.filter((at, index) => !index || at.join() !== line.corners[index - 1].join());
  const sensor = sensors.chosen;
  if (apart.length < (sensor ? 1 : 2)) return;
  const texts = apart.map(([lon, lat]) => `${lon.toFixed(6)},${lat.toFixed(6)}`);
  part("sensor").value = sensor ?? "";
  part("line-0").value = sensor ? "" : texts[0];
  part("line-1").value = texts.at(-1);
  drawing(false);
  cut(texts, sensor);
  line.corners = sensor ? [trial.of(sensor).at, ...apart] : apart;
  drawLine();
  part("profile-title").scrollIntoView({ block: "nearest" });
}

function cut(texts, sensor) {
  const query = stateQuery();
  if (sensor) query.set("sensor", sensor);
  for (const text of texts) query.append("line", text);
  return showProfile(query);
}

/* ---- blind areas ---- */

function useBlindAreas() {
  for (const button of document.querySelectorAll("[data-box]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const [west, south, east, north] = button.dataset.box.split(",").map(Number);
      const form = part("layer-form").elements;
      const [, threat, height] = button.dataset.layer.match(/^blind-(.+)-([\d.]+)$/);
      form.measure.value = "blind";
      form.threat.value = threat;
      form.height.value = height;
      chooseLayer();
      map.fitBounds([[west, south], [east, north]], { padding: 60, maxZoom: 15 });
      part("map").scrollIntoView({ block: "nearest" });
      part("map").querySelector("canvas").focus({ preventScroll: true });
    });
  }
}

async function start() {
  part("map").hidden = false;
  map = await createMap("map", {
    bounds: frame(),
    fitBoundsOptions: { padding: 40 },
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
  });
  part("drawing").hidden = true;
  map.on("error", ({ error, sourceId }) => sourceId === "layer" && say(part("changed").dataset.tiles.replace("{reason}", error.message), true));
  showImage(map, "hillshade", { url: data.relief.url, corners: data.relief.corners, opacity: 0.9 });
  drawLayer();
  drawLines();
  drawBlind();
  sensors = new Sensors(map, data.sensors, trial, heard);
  for (const id of ["tools", "hint"]) part(id).hidden = false;
  useForms();
  useProfile();
  useBlindAreas();
  showLegend();
  keepForms();
  part("map").dataset.ready = "true";
}

/** The picture and the forms, as for readers without a script. */
function goOnWithout() {
  part("drawing").hidden = false;
  for (const id of ["tools", "hint"]) part(id).hidden = true;
  for (const button of document.querySelectorAll("[data-plain]")) button.hidden = false;
}

await withMap(start, goOnWithout);
