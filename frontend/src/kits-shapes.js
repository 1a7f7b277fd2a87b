// What both kit maps draw alike: the site, its warning ring, and the extent of GeoJSON.

export const colours = {
  site: "#1b1b1b",
  ring: "#005ea2",
  blind: "#d83933",
  point: "#8168b3",
  sensor: { radar: "#0b4778", passive_rf: "#6b4c9a", camera: "#a44f00", acoustic: "#00687d", lidar: "#7c1d48", remote_id: "#4d5a00" },
};

/** Metres of one degree of latitude on a sphere as large as the Earth. */
const degree = 111_195;

/** A ring of [lon, lat] around `centre`; a preview, the server computes on the ellipsoid. */
export function circle([lon, lat], radius, steps = 96) {
  const stretch = Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: steps }, (_, step) => {
    const turn = (2 * Math.PI * step) / steps;
    return [lon + (radius * Math.sin(turn)) / degree / stretch, lat + (radius * Math.cos(turn)) / degree];
  });
  return [...ring, ring[0]];
}

/** [[west, south], [east, north]] of every position in nested `coordinates`; null without any. */
export function extent(...coordinates) {
  const flat = coordinates.flat(Infinity);
  if (flat.length < 2) return null;
  const box = [[Infinity, Infinity], [-Infinity, -Infinity]];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    for (const axis of [0, 1]) {
      box[0][axis] = Math.min(box[0][axis], flat[at + axis]);
      box[1][axis] = Math.max(box[1][axis], flat[at + axis]);
    }
  }
  return box;
}

export const collection = (features) => ({ type: "FeatureCollection", features });
export const shape = (type, coordinates, properties = {}) => ({ type: "Feature", geometry: { type, coordinates }, properties });
