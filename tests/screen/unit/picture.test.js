// The picture of a container: where things are drawn, and what changed between two moments.

import assert from "node:assert/strict";
import { test } from "node:test";

import { compare } from "../../../server/screen/picture/changes.js";
import { MEASURES, countUnder, layOut, shortName } from "../../../server/screen/picture/layout.js";

/**
 * @param {string} id
 * @param {string} level
 * @param {any[]} [children]
 * @param {object} [more]
 */
const node = (id, level, children = [], more = {}) => ({
  id,
  level,
  status: "active",
  seal: "open",
  children,
  ...more,
});

const pallet = (/** @type {number} */ cases, /** @type {number} */ units) =>
  node(
    "P",
    "pallet",
    Array.from({ length: cases }, (_, c) =>
      node(
        `C${c}`,
        "case",
        Array.from({ length: units }, (_, u) => node(`C${c}U${u}`, "unit")),
      ),
    ),
  );

test("nothing overlaps and nothing leaves the drawing, at any width", () => {
  for (const width of [320, 390, 480, 900, 1440]) {
    const { places, height } = layOut(pallet(40, 12), width, (id) => id === "C3" || id === "C7");
    const parts = places.filter((place) => place.shape !== "box");
    for (const place of parts) {
      assert.ok(0 <= place.x && place.x + place.width <= width, `${place.node.id} at ${width}`);
      assert.ok(0 <= place.y && place.y + place.height <= height, `${place.node.id} at ${width}`);
    }
    for (const [index, one] of parts.entries()) {
      for (const other of parts.slice(index + 1)) {
        const apart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        assert.ok(apart, `${one.node.id} and ${other.node.id} overlap at ${width}`);
      }
    }
  }
});

test("a container that is closed up is one tile, and spread out it shows what is in it", () => {
  const closed = layOut(pallet(3, 4), 800, () => false);
  assert.deepEqual(
    closed.places.map((place) => place.shape),
    ["box", "tile", "tile", "tile"],
  );
  const spread = layOut(pallet(3, 4), 800, (id) => id === "C1");
  assert.deepEqual(
    spread.places.map((place) => place.shape),
    ["box", "tile", "box", "dot", "dot", "dot", "dot", "tile"],
  );
  const [outer, , inner] = spread.places;
  assert.ok(outer && inner && inner.y + inner.height < outer.y + outer.height, "the inner box lies inside the outer");
});

test("more children than are drawn are counted", () => {
  const { places } = layOut(
    node("P", "pallet", pallet(1, MEASURES.childrenDrawn + 5).children[0].children),
    800,
    () => false,
  );
  assert.equal(places.at(-1)?.shape, "more");
  assert.equal(places.at(-1)?.hidden, 5);
});

test("what is under a container is counted", () => {
  assert.deepEqual(countUnder(pallet(3, 4)), { all: 15, units: 12 });
});

test("the end of an identifier tells one from the next", () => {
  assert.equal(shortName("(00)104012000000001012"), "\u2026001012");
  assert.equal(shortName("(01)04012345000016(21)A1"), "A1");
});

test("what came, went, moved and changed between two moments is told", () => {
  const before = node("P", "pallet", [
    node("A", "case", [node("U1", "unit"), node("U2", "unit")]),
    node("B", "case", [node("U3", "unit")]),
  ]);
  const after = node("P", "pallet", [
    node("A", "case", [node("U1", "unit"), node("U3", "unit")], { seal: "broken" }),
    node("B", "case", []),
    node("D", "case", []),
  ]);
  const compared = compare(before, after);
  assert.ok(compared);
  const told = Object.fromEntries(compared.changes);
  assert.deepEqual(told, { P: "same", A: "changed", B: "same", D: "came_in", U1: "same", U2: "went_out", U3: "moved" });
  assert.deepEqual(compared.counts, { came_in: 1, went_out: 1, moved: 1, changed: 1 });
  assert.deepEqual(
    compared.tree.children[0]?.children.map((child) => child.id),
    ["U1", "U3", "U2"],
    "the ghost stands at its old place",
  );
});

test("what moved out of something that is gone is drawn once", () => {
  const before = node("P", "pallet", [node("A", "case", [node("U1", "unit"), node("U2", "unit")]), node("B", "case")]);
  const after = node("P", "pallet", [node("B", "case", [node("U1", "unit")])]);
  const compared = compare(before, after);
  assert.ok(compared);
  const drawn = layOut(compared.tree, 800, () => true)
    .places.map((place) => place.node.id)
    .sort();
  assert.deepEqual(drawn, ["A", "B", "P", "U1", "U2"]);
});

test("without an earlier moment everything came in, and without any there is nothing", () => {
  assert.equal(compare(null, pallet(1, 1))?.changes.get("C0"), "came_in");
  assert.equal(compare(pallet(1, 1), null)?.changes.get("C0"), "went_out");
  assert.equal(compare(null, null), null);
});
