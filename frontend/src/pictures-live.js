// A live picture: asks each second what is shown now, says plainly when that is old, and stops when nobody looks.
import { extent } from "./kits-shapes.js";
import { withMap } from "./map.js";
import { collection, line, Pins, pictureMap, point, showLooks, showTracks } from "./pictures-map.js";

const box = document.getElementById("live");
const words = box?.dataset ?? {};
const part = (id) => document.getElementById(id);
const colours = (words.colours ?? "").split(" ");
const EVERY_MS = 1000;
/** After a failure the next try comes later, at most after so long. */
const SLOWEST_MS = 15_000;

let tag = null;
let mapless = false;
let state = null;
/** When the shown state was as old as `age`: by this browser's clock. */
let heard = { age: Infinity, at: 0 };
let wait = EVERY_MS;
let timer;
let over = false;
let trouble = "";
let map;
let pins;
/** Whether somebody chose what the map shows: it then stays. */
let own = false;

const age = () => heard.age + (performance.now() - heard.at) / 1000;
const clock = (time) => new Date(time * 1000).toISOString().slice(11, 19);
const short = (name) => name.replace(/^(.* )?(\S{8})\S{13,}$/, "$1$2…");
const mark = (number) => String.fromCharCode(65 + (number % 26));

/* ---- asking ---- */

async function ask() {
  clearTimeout(timer);
  if (document.hidden || over) return;
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(words.state, { headers, cache: "no-store", signal: AbortSignal.timeout(8_000) });
    wait = EVERY_MS;
    if (answer.status === 404 || answer.status === 410) return finish(answer.status === 410 ? words.ended : words.gone);
    if (answer.status === 200) {
      state = await answer.json();
      tag = answer.headers.get("ETag");
    } else if (answer.status !== 304 && answer.status !== 204) throw new Error(`HTTP ${answer.status}`);
    if (answer.headers.has("Skypact-Age")) heard = { age: Number(answer.headers.get("Skypact-Age")), at: performance.now() };
    if (answer.status === 200) await show();
    tell("");
  } catch {
    wait = Math.min(wait * 2, SLOWEST_MS);
    tell(words.lost);
  }
  timer = setTimeout(ask, wait);
}

/** The session is over: its address leads to the picture that came of it. */
function finish(text) {
  over = true;
  tell(text);
  if (text === words.ended) location.reload();
}

function tell(said = trouble) {
  trouble = said;
  const seconds = age();
  const stale = !state || seconds > Number(words.stale);
  const badge = part("heard");
  const now = state && !stale && !trouble;
  badge.textContent = now ? words.now : state ? `${words.old} ${Math.round(seconds)} ${words.seconds}` : words.waiting;
  badge.className = `sky-badge ${now ? "sky-badge--yes" : "sky-badge--no"}`;
  part("stale").hidden = !trouble && !(state && stale);
  part("stale").textContent = [trouble, state && stale ? `${words.old} ${Math.round(seconds)} ${words.seconds}` : ""].filter(Boolean).join(" ");
  part("map").classList.toggle("pic-map--stale", Boolean(state) && (stale || Boolean(trouble)));
}

/* ---- showing ---- */

const cell = (text, { name = "td", className = "" } = {}) => Object.assign(document.createElement(name), { textContent: text, className });

function dot(number) {
  const found = cell(mark(number), { name: "span", className: "pic-dot" });
  found.style.background = colours[number % colours.length];
  return found;
}

const figure = (value, digits, unit) => (value === null || value === undefined ? words.unknown : `${value.toFixed(digits)} ${unit}`);

function showSources(numbers) {
  const rows = state.sources.map((source) => {
    const row = document.createElement("li");
    const head = document.createElement("p");
    head.title = source.name;
    head.append(dot(numbers.get(source.name)), short(source.name));
    if (source.party) head.append(" ", cell(source.party, { name: "span", className: "sky-badge" }));
    const told = [
      `${words.latency}: ${figure(source.latency?.median_s, 2, "s")}`,
      `${words.lossWord}: ${source.loss ? `${source.loss.missing} / ${source.loss.missing + source.loss.received}` : words.unknown}`,
      `${words.silent}: ${source.silent_s.toFixed(0)} s`,
    ];
    row.append(head, cell(told.join(" · "), { name: "small" }));
    if (source.disagreement) row.append(cell(source.disagreement, { name: "strong", className: "pic-live-wrong" }));
    return row;
  });
  part("live-sources").replaceChildren(...(rows.length ? rows : [cell(words.none, { name: "li" })]));
}

function course({ east_m_s: east, north_m_s: north }) {
  if (east === null) return words.unknown;
  const degrees = Math.round((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
  return `${Math.hypot(east, north).toFixed(1)} m/s, ${degrees}°`;
}

function showTable(numbers) {
  const heads = part("live-tracks").parentElement.tHead.rows[0].cells;
  const rows = state.tracks.map((track) => {
    const row = document.createElement("tr");
    const head = cell("", { name: "th" });
    head.scope = "row";
    head.append(cell(track.number, { name: "span", className: "pic-number-pin" }));
    if (track.identities.length) head.append(cell(track.identities.join(", "), { name: "small" }));
    const seen = cell("");
    const dots = document.createElement("span");
    for (const { source } of track.contributors) dots.append(dot(numbers.get(source) ?? 0));
    seen.append(dots);
    row.append(
      head,
      cell(`${track.latitude_deg.toFixed(5)}, ${track.longitude_deg.toFixed(5)} ± ${track.sigma_m.toFixed(0)} m`),
      cell(course(track), { className: "kits-number" }),
      cell(figure(track.height_m, 0, "m"), { className: "kits-number" }),
      cell(`${track.age_s.toFixed(0)} ${words.seconds}`, { className: "kits-number" }),
      seen,
    );
    for (const [place, one] of [...row.children].entries()) one.dataset.label = heads[place].textContent;
    return row;
  });
  if (!rows.length) {
    const empty = cell(words.none);
    empty.colSpan = 6;
    const row = document.createElement("tr");
    row.append(empty);
    rows.push(row);
  }
  part("live-tracks").replaceChildren(...rows);
}

async function showMap() {
  const places = state.tracks.map((track) => [track.longitude_deg, track.latitude_deg]);
  if (!map) {
    if (!places.length) return;
    part("map").hidden = false;
    map = await pictureMap([...state.tracks.flatMap(({ trail }) => trail), ...places]);
    pins = new Pins(map);
    for (const event of ["dragstart", "zoomstart"]) map.on(event, ({ originalEvent }) => (own ||= Boolean(originalEvent)));
    part("map").dataset.ready = "true";
  } else if (!own && places.some((place) => !map.getBounds().contains(place))) {
    const all = extent(...state.tracks.flatMap(({ trail }) => trail), ...places);
    map.fitBounds(all, { padding: 64, maxZoom: 16, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  }
  const here = (track) => [track.longitude_deg, track.latitude_deg];
  showTracks(map, "trails", collection(state.tracks.map((track) => line([...track.trail, here(track)]))));
  const ahead = state.tracks.filter(({ east_m_s: east }) => east !== null).map((track) => {
    const stretch = 111_195 * Math.cos((track.latitude_deg * Math.PI) / 180);
    const [lon, lat] = here(track);
    return line([[lon, lat], [lon + (10 * track.east_m_s) / stretch, lat + (10 * track.north_m_s) / 111_195]]);
  });
  showTracks(map, "ahead", collection(ahead), { faint: true });
  showLooks(map, "heads", collection(places.map((place) => point(place, { colour: "#1b1b1b" }))));
  for (const track of state.tracks) pins.place(track.number, here(track));
  pins.keep(new Set(state.tracks.map(({ number }) => number)));
}

async function show() {
  const numbers = new Map(state.sources.map(({ name }, number) => [name, number]));
  part("moment").textContent = `${clock(state.now_s)} UTC`;
  part("together").textContent = words[state.together.replace(" ", "")] ?? "";
  part("together").className = `sky-badge sky-badge--${state.together.replace(" ", "-")}`;
  part("reasons").replaceChildren(...state.reasons.map((reason) => cell(reason, { name: "li" })));
  showSources(numbers);
  showTable(numbers);
  if (!mapless) await withMap(showMap, () => (mapless = true));
}

if (box) {
  document.addEventListener("visibilitychange", ask);
  addEventListener("online", ask);
  setInterval(() => !over && !document.hidden && tell(), EVERY_MS);
  await ask();
}
