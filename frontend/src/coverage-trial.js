// Sensors tried elsewhere: what the page's address carries, with a way back and forth.

const same = (one, other) => one.at[0] === other.at[0] && one.at[1] === other.at[1] && one.mast_m === other.mast_m && one.azimuth_deg === other.azimuth_deg;
const fixed = (degrees) => Number(degrees.toFixed(7));

export class Trial {
  #kit;
  #now;
  #past = [];
  #future = [];

  /** `sensors` as they stand in the kit ({id, at, mast_m, azimuth_deg}); `moves` those that stand elsewhere now. */
  constructor(sensors, moves) {
    this.#kit = new Map(sensors.map(({ id, at, mast_m, azimuth_deg }) => [id, { at, mast_m, azimuth_deg }]));
    this.#now = new Map(moves.map(({ id, at, mast_m, azimuth_deg }) => [id, { ...this.#kit.get(id), at, mast_m, ...(azimuth_deg === null ? {} : { azimuth_deg }) }]));
  }

  /** Where the sensor stands now. */
  of(id) {
    return this.#now.get(id) ?? this.#kit.get(id);
  }

  isMoved(id) {
    return this.#now.has(id);
  }

  /** Tries the sensor elsewhere; several steps of one drag are one step back, if `going` on. */
  set(id, change, { going = false } = {}) {
    const next = { ...this.of(id), ...change };
    next.at = next.at.map(fixed);
    if (same(next, this.of(id))) return;
    if (!going) this.#remember();
    if (same(next, this.#kit.get(id))) this.#now.delete(id);
    else this.#now.set(id, next);
  }

  /** The sensor as it stands in the kit. */
  home(id) {
    this.set(id, this.#kit.get(id));
  }

  begin() {
    this.#remember();
  }

  #remember() {
    this.#past.push(new Map(this.#now));
    this.#future = [];
  }

  #go(from, to) {
    if (!from.length) return;
    to.push(this.#now);
    this.#now = from.pop();
  }

  undo() {
    this.#go(this.#past, this.#future);
  }

  redo() {
    this.#go(this.#future, this.#past);
  }

  reset() {
    this.#remember();
    this.#now = new Map();
  }

  get can() {
    return { undo: this.#past.length > 0, redo: this.#future.length > 0, reset: this.#now.size > 0 };
  }

  /** The moves as the server reads them. */
  get moves() {
    return [...this.#now].map(([id, { at, mast_m, azimuth_deg }]) => {
      const turned = azimuth_deg !== null && azimuth_deg !== this.#kit.get(id).azimuth_deg;
      return `${id}:${at[0].toFixed(7)},${at[1].toFixed(7)},${mast_m}${turned ? `,${azimuth_deg}` : ""}`;
    });
  }
}
