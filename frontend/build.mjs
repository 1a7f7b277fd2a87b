// Builds everything the pages load into ../src/skypact/market/core/static/skypact. Each file src/*.js is one
// ES module the pages may import; what several of them share lands in a chunk of its own.
import { build } from "esbuild";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { constants, brotliCompressSync, gzipSync } from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "../src/skypact/market/core/static/skypact");
const packages = path.join(here, "node_modules");
const atlas = ["land-10m.json", "countries-50m.json"];

/** Only Source Sans carries text; the other faces of the USWDS sheet would never be fetched, but would be shipped. */
const oneFamily = {
  name: "one-family",
  setup({ onLoad }) {
    onLoad({ filter: /uswds\.min\.css$/ }, async ({ path: file }) => {
      const sheet = await readFile(file, "utf8");
      const contents = sheet.replaceAll(/@font-face\{[^}]*\}/g, (face) =>
        /Source Sans Pro Web/.test(face) && !/font-weight:300/.test(face) ? face : "",
      );
      return { contents, loader: "css" };
    });
  },
};

async function entries(extension) {
  const files = await readdir(path.join(here, "src"));
  return files.filter((file) => file.endsWith(extension)).map((file) => path.join(here, "src", file));
}

async function compress(folder) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(css|js|json|svg)$/.test(entry.name)) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const plain = await readFile(file);
    if (plain.length < 1024) continue;
    await writeFile(`${file}.gz`, gzipSync(plain, { level: 9 }));
    await writeFile(`${file}.br`, brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

async function versions() {
  const require = createRequire(import.meta.url);
  const { dependencies } = require("./package.json");
  return Object.fromEntries(Object.entries(dependencies).sort());
}

await rm(target, { recursive: true, force: true });
await mkdir(path.join(target, "atlas"), { recursive: true });
const shared = { bundle: true, minify: true, outdir: target, logLevel: "warning", legalComments: "linked", target: "es2022" };
await build({
  ...shared,
  entryPoints: [
    ...(await entries(".js")).map((file) => ({ in: file, out: path.basename(file, ".js") })),
    { in: path.join(packages, "maplibre-gl/dist/maplibre-gl-worker.mjs"), out: "map-worker" },
  ],
  format: "esm",
  splitting: true,
  chunkNames: "chunk-[hash]",
});
await build({
  ...shared,
  entryPoints: [...(await entries(".css")), path.join(packages, "maplibre-gl/dist/maplibre-gl.css")].map((file) => ({
    in: file,
    out: path.basename(file, ".css"),
  })),
  loader: { ".woff2": "file", ".svg": "file", ".png": "file", ".jpg": "empty" },
  assetNames: "media/[name]-[hash]",
  plugins: [oneFamily],
});
await cp(path.join(packages, "@uswds/uswds/dist/js/uswds-init.min.js"), path.join(target, "uswds-init.js"));
await cp(path.join(packages, "@uswds/uswds/dist/img/sprite.svg"), path.join(target, "icons.svg"));
for (const file of atlas) await cp(path.join(packages, "world-atlas", file), path.join(target, "atlas", file));
/** Reports are set in one family that holds Latin and Korean, so that they look alike wherever they are made. */
const family = path.join(packages, "@fontsource/pretendard");
for (const [weight, name] of [[400, "Regular"], [700, "Bold"]]) {
  const file = path.join(family, "files", `pretendard-latin-${weight}-normal.woff`); // "latin" holds all of it
  await cp(file, path.join(target, "fonts", `Pretendard-${name}.woff`));
}
await cp(path.join(family, "LICENSE"), path.join(target, "fonts", "Pretendard-LICENSE.txt"));
await compress(target);
await writeFile(path.join(target, "manifest.json"), `${JSON.stringify(await versions(), null, 2)}\n`);
