// A finished picture on the map: fused tracks, looks of each source, played along the time.
import { withMap } from "./map.js";
import { collection, line, markSensor, Pins, pictureMap, point, showLooks, showShapes, showTracks } from "./pictures-map.js";

const data = JSON.parse(document.getElementById("picture-data").textContent);
const part = (id) => document.getElementById(id);
/** Looks older than this have faded, seconds. */
const FADED_S = 20;
const start = data.start_s;
const length = Math.max(data.end_s - start, 1);
let now = data.end_s;

const place = ([, lon, lat]) => [lon, lat];
const clock = (time) => new Date(time * 1000).toISOString().slice(11, 19);

/** Where a path is at `time`, between its points; null before and after it. */
function at(path, time) {
  if (!path.length || time < path[0][0] || time > path.at(-1)[0] + 1) return null;
  const after = path.findIndex(([t]) => t > time);
  if (after <= 0) return place(path.at(-1));
  const [t0, lon0, lat0] = path[after - 1];
  const [t1, lon1, lat1] = path[after];
  const share = (time - t0) / (t1 - t0);
  return [lon0 + share * (lon1 - lon0), lat0 + share * (lat1 - lat0)];
}

/** The part of a path up to `time`. */
function until(path, time) {
  const done = path.filter(([t]) => t <= time).map(place);
  const here = at(path, time);
  return here ? [...done, here] : done;
}

const everything = () => [
  ...data.tracks.flatMap(({ path }) => path.map(place)),
  ...data.sources.flatMap(({ looks }) => looks.map(place)),
];

function drawWhole(map) {
  showShapes(map, "truth", collection(data.truth.map((path) => line(path.map(place)))), [
    { type: "line", paint: { "line-color": "#3d4551", "line-width": 1.5, "line-dasharray": [1, 2] } },
  ]);
  showTracks(map, "whole", collection(data.tracks.filter(({ path }) => path.length > 1).map(({ path }) => line(path.map(place)))), { faint: true });
  showTracks(map, "done", collection([]));
  const moved = data.sources.flatMap(({ moved }) => moved);
  showShapes(map, "moved", collection(moved.filter(({ said }) => said).map(({ said, others, time_s }) => line([said, others], { t: time_s }))), [
    { type: "line", paint: { "line-color": "#b50909", "line-width": 1.5, "line-dasharray": [3, 2] } },
  ]);
  showShapes(map, "others", collection(moved.map(({ others, time_s }) => point(others, { t: time_s }))), [
    { type: "circle", paint: { "circle-radius": 4, "circle-color": "#ffffff", "circle-stroke-color": "#b50909", "circle-stroke-width": 2 } },
  ]);
  data.sources.forEach((source, number) => {
    showLooks(map, `looks${number}`, collection(source.looks.map((look) => point(place(look), { t: look[0], colour: source.colour }))));
    if (source.stands_at) sensors.push([source.name, markSensor(map, source.stands_at, source)]);
  });
}

const sensors = [];

function drawNow(map, pins) {
  const done = data.tracks.map(({ number, path }) => line(until(path, now), { number })).filter(({ geometry }) => geometry.coordinates.length > 1);
  showTracks(map, "done", collection(done));
  const atEnd = now >= data.end_s;
  for (const { number, path } of data.tracks) pins.place(number, atEnd ? place(path.at(-1)) : at(path, now));
  const age = ["-", now, ["get", "t"]];
  const opacity = atEnd ? 0.8 : ["interpolate", ["linear"], age, 0, 1, FADED_S, 0.15];
  const seen = ["<=", ["get", "t"], now];
  data.sources.forEach((_, number) => {
    map.setFilter(`looks${number}-0`, seen);
    map.setPaintProperty(`looks${number}-0`, "circle-opacity", opacity);
    map.setPaintProperty(`looks${number}-0`, "circle-stroke-opacity", opacity);
  });
  const lately = atEnd ? null : ["all", seen, ["<=", age, FADED_S / 2]];
  map.setFilter("moved-0", lately);
  map.setFilter("others-0", lately);
  part("clock").textContent = `${clock(now)} UTC · ${Math.round(now - start)} s`;
  part("time").setAttribute("aria-valuetext", `${clock(now)} UTC`);
}

function choose(map, pins) {
  const layers = {
    tracks: ["whole-0", "done-0", "done-1"],
    truth: ["truth-0"],
    moved: ["moved-0", "others-0"],
  };
  for (const box of document.querySelectorAll("#legend [data-shows]")) {
    box.addEventListener("change", () => {
      const { shows, source } = box.dataset;
      const named = shows === "source" ? [`looks${data.sources.findIndex(({ name }) => name === source)}-0`] : layers[shows];
      for (const layer of named) map.setLayoutProperty(layer, "visibility", box.checked ? "visible" : "none");
      if (shows === "tracks") pins.show(box.checked);
      for (const [name, marker] of sensors) if (name === source) marker.getElement().classList.toggle("pic-off", !box.checked);
    });
  }
}

function player(draw) {
  const [slider, button, speed] = [part("time"), part("play"), part("speed")];
  let playing = 0;
  let last = 0;
  const go = (time) => {
    now = Math.min(Math.max(time, start), data.end_s);
    slider.value = ((now - start) / length) * 1000;
    draw();
  };
  const tell = () => {
    button.textContent = playing ? button.dataset.pause : button.dataset.play;
    button.setAttribute("aria-pressed", String(Boolean(playing)));
  };
  const stop = () => {
    cancelAnimationFrame(playing);
    playing = 0;
    tell();
  };
  const step = (stamp) => {
    const passed = last ? (stamp - last) / 1000 : 0;
    last = stamp;
    go(now + passed * Number(speed.value));
    if (now >= data.end_s) stop();
    else playing = requestAnimationFrame(step);
  };
  button.addEventListener("click", () => {
    if (playing) return stop();
    if (now >= data.end_s) go(start);
    last = 0;
    playing = requestAnimationFrame(step);
    tell();
  });
  slider.addEventListener("input", () => {
    stop();
    now = start + (Number(slider.value) / 1000) * length;
    draw();
  });
  slider.addEventListener("keydown", (event) => {
    const seconds = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (event.key === " ") button.click();
    else if (seconds) {
      stop();
      go(now + seconds);
    } else return;
    event.preventDefault();
  });
  part("player").hidden = false;
}

async function begin() {
  part("sketch").hidden = true;
  part("map").hidden = false;
  const map = await pictureMap(everything());
  const pins = new Pins(map);
  drawWhole(map);
  drawNow(map, pins);
  choose(map, pins);
  player(() => drawNow(map, pins));
  part("map").dataset.ready = "true";
}

await withMap(begin, () => {
  part("sketch").hidden = false;
  part("player").hidden = true;
  for (const box of document.querySelectorAll("#legend input")) box.disabled = true;
});
