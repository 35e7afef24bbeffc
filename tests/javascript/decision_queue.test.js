/** Decisions that wait in the browser: none is lost while nobody answers, and a bad one takes no other with it. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { openPage } from "./page.js";

openPage({ "review-config": { user: 7, language: "en", paths: { decisions: "/decisions" } }, "review-words": {} });
const { Queue } = await import("../../curation/static/curation/js/review/queue.js");

const decision = (event, verdict = "like") => ({ event, image: 1, verdict, rating: null });
const kept = () => Object.keys(localStorage).map((key) => key.split(".").pop());
let batches;
let answer;

const respond = (status) => new Response(JSON.stringify({ decided: [] }), { status });
const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};

async function passes(ms) {
  mock.timers.tick(ms);
  await settle();
}

beforeEach(() => {
  openPage({});
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  Object.assign(window, { setTimeout, clearTimeout });
  batches = [];
  answer = () => respond(200);
  globalThis.fetch = async (_path, { body }) => {
    const { decisions } = JSON.parse(body);
    batches.push(decisions.map(({ event }) => event));
    return answer(decisions);
  };
});

test("decisions are gathered, sent together, and forgotten when they have arrived", async () => {
  const queue = new Queue();
  queue.add(decision("a"));
  queue.add(decision("b"));
  assert.deepEqual(kept(), ["a", "b"]);
  await passes(150);
  assert.deepEqual(batches, [["a", "b"]]);
  assert.deepEqual([kept(), queue.length, queue.state], [[], 0, "saved"]);
});

test("without a network they stay, and are sent again after longer and longer waits", async () => {
  const queue = new Queue();
  answer = () => {
    throw new TypeError("no network");
  };
  queue.add(decision("a"));
  await passes(150);
  assert.deepEqual([kept(), queue.state, batches.length], [["a"], "offline", 1]);
  await passes(999);
  assert.equal(batches.length, 1);
  await passes(1);
  assert.equal(batches.length, 2);
  await passes(1999);
  assert.equal(batches.length, 2);
  answer = () => respond(200);
  await passes(1);
  assert.deepEqual([kept(), queue.state], [[], "saved"]);
});

test("when the network is back they are sent at once", async () => {
  const queue = new Queue();
  answer = () => respond(503);
  queue.add(decision("a"));
  await passes(150);
  answer = () => respond(200);
  window.dispatchEvent(new Event("online"));
  await passes(0);
  assert.deepEqual([kept(), queue.state], [[], "saved"]);
});

test("the next page sends what the last one could not, in the order of the decisions", async () => {
  const waiting = { "curation.decision.7.late": 2, "curation.decision.7.early": 1, "curation.decision.8.foreign": 0 };
  for (const [key, at] of Object.entries(waiting)) {
    localStorage.setItem(key, JSON.stringify({ at, decision: decision(key.split(".").pop()) }));
  }
  const queue = new Queue();
  assert.equal(queue.length, 2);
  await passes(0);
  assert.deepEqual(batches, [["early", "late"]]);
  assert.deepEqual(kept(), ["foreign"]);
});

test("of a refused batch only the decision that is refused alone is dropped", async () => {
  const queue = new Queue();
  const refused = [];
  queue.addEventListener("refused", ({ detail }) => refused.push(detail.event));
  answer = (decisions) => respond(decisions.some(({ event }) => event === "bad") ? 400 : 200);
  for (const event of ["a", "bad", "b"]) queue.add(decision(event));
  await passes(150);
  assert.deepEqual(batches, [["a", "bad", "b"], ["a"], ["bad"], ["b"]]);
  assert.deepEqual([refused, kept(), queue.state], [["bad"], [], "saved"]);
});

test("who is signed out loses nothing", async () => {
  const queue = new Queue();
  answer = () => respond(403);
  queue.add(decision("a"));
  await passes(150);
  assert.deepEqual([kept(), queue.state], [["a"], "signed_out"]);
});

test("flush tells whether all has arrived", async () => {
  const queue = new Queue();
  answer = () => respond(500);
  queue.add(decision("a"));
  assert.equal(await queue.flush(), false);
  answer = () => respond(200);
  assert.equal(await queue.flush(), true);
});
