// The map of a kit: relief, coverage for a threat class and height, positions, sectors, blind stretches.
import { colours, collection, extent } from "./kits-shapes.js";
import { createMap, maplibregl, showImage, showShapes, withMap } from "./map.js";

const data = JSON.parse(document.getElementById("map-data").textContent);
const panel = document.getElementById("layers");
const chosen = { threat: data.cases[0]?.threat, height_m: data.cases[0]?.height_m };

const shapes = (role, fits = () => true) =>
  collection(data.shapes.features.filter((one) => one.properties.role === role && fits(one.properties)));
const isChosen = (one) => one.threat === chosen.threat && one.height_m === chosen.height_m;

function frame() {
  const roles = ["site", "ring", "position"];
  const drawn = data.shapes.features.filter((one) => roles.includes(one.properties.role));
  return extent(...drawn.map((one) => one.geometry.coordinates));
}

function drawChosen(map) {
  const layer = data.layers.find(isChosen);
  if (layer) {
    showImage(map, "coverage", { url: layer.url, corners: layer.corners });
    map.setPaintProperty("coverage", "raster-resampling", "nearest");
  }
  showShapes(map, "blind-areas", shapes("blind-area", isChosen), [
    { type: "fill", paint: { "fill-color": colours.blind, "fill-opacity": 0.14 } },
    { type: "line", paint: { "line-color": "#8b0a03", "line-width": 1.5, "line-dasharray": [4, 2] } },
  ]);
  const kind = ["get", "kind"];
  const colour = ["match", kind, ...Object.entries(colours.sensor).flat(), "#3d4551"];
  showShapes(map, "sectors", shapes("sector", (one) => one.threat === chosen.threat), [
    { type: "fill", paint: { "fill-color": colour, "fill-opacity": 0.05 } },
    { type: "line", paint: { "line-color": colour, "line-width": 1.25, "line-dasharray": [4, 3] } },
  ]);
  showShapes(map, "site", shapes("site"), [{ type: "line", paint: { "line-color": colours.site, "line-width": 2 } }]);
  const ring = data.cases.length ? colours.ring : "#565c65"; // without a kit nothing of it is covered
  showShapes(map, "ring", shapes("ring"), [
    { type: "line", paint: { "line-color": "#ffffff", "line-width": 6, "line-opacity": 0.8 } },
    { type: "line", paint: { "line-color": ring, "line-width": 3 } },
  ]);
  showShapes(map, "approach", shapes("approach", isChosen), [
    { type: "line", paint: { "line-color": "#ffffff", "line-width": 6 } },
    { type: "line", paint: { "line-color": "#54278f", "line-width": 3, "line-dasharray": [4, 1.5, 1, 1.5] } },
  ]);
  showShapes(map, "blind", shapes("blind", isChosen), [
    { type: "line", layout: { "line-cap": "round" }, paint: { "line-color": "#ffffff", "line-width": 9 } },
    { type: "line", layout: { "line-cap": "round" }, paint: { "line-color": colours.blind, "line-width": 6 } },
  ]);
}

function drawSpots(map) {
  for (const spot of data.spots) {
    const pin = document.createElement("button");
    pin.type = "button";
    pin.className = "kits-pin";
    pin.textContent = spot.number;
    pin.setAttribute("aria-label", `${spot.number}: ${spot.things.join(", ")}`);
    const words = document.createElement("ul");
    words.className = "kits-popup";
    words.append(...spot.things.map((thing) => Object.assign(document.createElement("li"), { textContent: thing })));
    const popup = new maplibregl.Popup({ offset: 16 }).setDOMContent(words);
    new maplibregl.Marker({ element: pin }).setLngLat(spot.at).setPopup(popup).addTo(map);
  }
}

function choices(box, name, options, pick) {
  options.forEach(([value, label], number) => {
    const id = `${name}-${number}`;
    const row = document.createElement("div");
    row.className = "usa-radio";
    const input = Object.assign(document.createElement("input"), { type: "radio", name, id, className: "usa-radio__input" });
    input.checked = number === 0;
    input.addEventListener("change", () => pick(value));
    const words = Object.assign(document.createElement("label"), { htmlFor: id, className: "usa-radio__label", textContent: label });
    row.append(input, words);
    box.append(row);
  });
}

function sayShare() {
  const share = document.getElementById("layer-share");
  const found = data.cases.find(isChosen);
  share.replaceChildren();
  if (found) share.append(Object.assign(document.createElement("strong"), { textContent: found.share }), ` ${share.dataset.words}`);
}

function toggle(map, id, layers) {
  document.getElementById(id).addEventListener("change", ({ target }) => {
    for (const layer of layers) {
      if (map.getLayer(layer)) map.setLayoutProperty(layer, "visibility", target.checked ? "visible" : "none");
    }
  });
}

const distinct = (key, label) => [...new Map(data.cases.map((one) => [one[key], one[label]]))];

async function start() {
  const map = await createMap("map", {
    bounds: frame(),
    fitBoundsOptions: { padding: 32 },
    canvasContextAttributes: { preserveDrawingBuffer: true }, // so that the map is on the printed page
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
  });
  showImage(map, "hillshade", { url: data.hillshade.url, corners: data.hillshade.corners, opacity: 0.9 });
  drawChosen(map);
  drawSpots(map);
  sayShare();

  const pick = (key) => (value) => {
    chosen[key] = value;
    drawChosen(map);
    sayShare();
  };
  if (data.cases.length) {
    choices(document.getElementById("layer-threats"), "threat", distinct("threat", "name"), pick("threat"));
    choices(document.getElementById("layer-heights"), "height", distinct("height_m", "height"), pick("height_m"));
    panel.hidden = false;
  }
  toggle(map, "show-sectors", ["sectors-0", "sectors-1"]);
  toggle(map, "show-coverage", ["coverage"]);
  if (document.getElementById("show-approach")) toggle(map, "show-approach", ["approach-0", "approach-1"]);
  /** The map is drawn anew at the size it has on the sheet, and again for the screen. */
  function fit() {
    map.resize();
    map.fitBounds(frame(), { padding: 24, duration: 0 });
    map.redraw();
  }
  matchMedia("print").addEventListener("change", fit);
  addEventListener("afterprint", fit);

  document.getElementById("map").dataset.ready = "true";
}

await withMap(start);
