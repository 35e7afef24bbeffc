/** What a wall shows, and when, while the server cannot be reached. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { beforeEach, mock, test } from "node:test";
import { openPage } from "./page.js";

const paths = { scope: "/wall/zone1/", manifest: "/manifest" };
openPage({ "wall-config": { version: "1", zone: "zone1", number: 1, side: "h", paths } });
const WALL = "../../garden/static/garden/js/wall";
const { endInterlude, firstOfInterlude, nextOfInterlude } = await import(`${WALL}/player.js`);
const { askManifest, currentManifest, keepPicture } = await import(`${WALL}/zone.js`);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const hash = (text) => createHash("sha256").update(text).digest("hex");
const slots = Object.fromEntries(["1h", "2h", "3h", "1v"].map((name) => [name, { key: name, sha256: hash(name) }]));
let version = 0;
let start = 0;

/** The server says what to show. */
async function receive(manifest) {
  globalThis.fetch = async () => new Response(JSON.stringify({ zone: "zone1", slots, dark: false, ...manifest }));
  await askManifest();
}

const shown = async (ms) => {
  mock.timers.setTime(start + ms);
  return (await nextOfInterlude())?.key;
};

beforeEach(async () => {
  mock.timers.reset();
  start += 100 * HOUR;
  mock.timers.enable({ apis: ["Date"], now: start });
  await receive({ version: ++version, issued_at: new Date().toISOString() });
  for (const name of ["1h", "2h", "3h"]) await keepPicture(slots[name], new Blob([name]));
  endInterlude();
});

test("the last picture stays for three minutes, then the kept ones change every minute", async () => {
  assert.equal(await shown(0), undefined);
  assert.equal(await shown(3 * MINUTE - 1), undefined);
  assert.equal(await shown(3 * MINUTE), "2h");
  assert.equal(await shown(4 * MINUTE - 1), undefined);
  assert.equal(await shown(4 * MINUTE), "3h");
  assert.equal(await shown(5 * MINUTE), "1h");
  assert.equal(await shown(6 * MINUTE), "2h");
});

test("when the server answered meanwhile it begins again", async () => {
  await shown(0);
  assert.equal(await shown(3 * MINUTE), "2h");
  endInterlude();
  assert.equal(await shown(10 * MINUTE), undefined);
  assert.equal(await shown(13 * MINUTE), "2h");
});

test("a dark wall stays dark for twelve hours", async () => {
  await receive({ version: ++version, issued_at: new Date().toISOString(), dark: true });
  assert.equal(await firstOfInterlude(), undefined);
  assert.equal(await shown(0), undefined);
  assert.equal(await shown(12 * HOUR - 1), undefined);
  assert.equal(await shown(12 * HOUR), "2h");
});

test("a picture that is not the one of the manifest is not shown", async () => {
  await receive({
    version: ++version,
    issued_at: new Date().toISOString(),
    slots: { ...slots, "2h": { key: "2h", sha256: hash("other") } },
  });
  await keepPicture({ sha256: hash("other") }, new Blob(["forged"]));
  assert.equal((await firstOfInterlude()).key, "3h");
});

test("an older manifest is ignored, one with a later time is not", async () => {
  const { issued_at } = currentManifest();
  await receive({ version: version - 1, issued_at });
  assert.equal(currentManifest().version, version);
  await receive({ version: 1, issued_at: new Date(Date.now() + MINUTE).toISOString() });
  assert.equal(currentManifest().version, 1);
  await receive({ version: ++version, issued_at, zone: "zone2" });
  assert.equal(currentManifest().version, 1);
});
