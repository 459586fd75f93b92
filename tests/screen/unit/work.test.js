// Rework as scans, and what a scanner sends: the parts that need no page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { judge, showKeys, visible } from "../../../server/screen/selftest/keys.js";
import { REASONS_MAX, reasonsOf } from "../../../server/screen/work/reasons.js";
import { DEEDS } from "../../../server/screen/work/deeds.js";
import { RECIPES, goesOn, recipeOf, take } from "../../../server/screen/work/rework.js";

const thing = (/** @type {string} */ id, /** @type {object} */ more = {}) => ({
  id,
  exists: true,
  level: "case",
  parent: "P",
  children: 0,
  ...more,
});

/**
 * Scans one after the other, as a person does, and answers what came of it.
 * @param {string} verb
 * @param {any[]} scans
 */
function scanAll(verb, scans) {
  const recipe = recipeOf(verb);
  assert.ok(recipe);
  let answers = /** @type {Record<string, string[]>} */ ({});
  let step = 0;
  let level = "";
  for (const scan of scans) {
    const taken = take(recipe, answers, step, scan, level);
    if (taken.kind === "misfit") {
      return { misfit: taken.why, operation: null };
    }
    assert.equal(taken.kind, "fits");
    answers = taken.answers;
    level = level || scan.level;
    step = taken.step;
    if (recipe.steps[step]?.wants === "fate") {
      answers = { ...answers, fate: ["rejected"] };
      step += 1;
    }
  }
  return { misfit: null, operation: step === recipe.steps.length ? recipe.operation(answers) : null };
}

test("each rework takes as many scans as the physical act has steps", () => {
  const check = (/** @type {string} */ verb, /** @type {any[]} */ scans, /** @type {object} */ expected) =>
    assert.deepEqual(scanAll(verb, scans), { misfit: null, operation: expected }, verb);
  check("replace", [thing("A"), thing("B", { parent: null })], {
    type: "replace",
    old: "A",
    new: "B",
    fate: "rejected",
  });
  check("swap", [thing("A"), thing("B")], { type: "swap", one: "A", other: "B" });
  check("relabel", [thing("A"), thing("N", { exists: false })], { type: "relabel", old: "A", new: "N" });
  check("move", [thing("A"), thing("B"), thing("Q", { level: "pallet", parent: null })], {
    type: "move",
    children: ["A", "B"],
    into: "Q",
  });
  check("merge", [thing("A"), thing("B")], { type: "merge", from: "A", into: "B" });
  check("split", [thing("A"), thing("B"), thing("N", { exists: false })], {
    type: "split",
    from: "P",
    children: ["A", "B"],
    into: "N",
  });
});

test("a scan that does not fit says why", () => {
  const check = (/** @type {string} */ verb, /** @type {any[]} */ scans, /** @type {string} */ why) =>
    assert.equal(scanAll(verb, scans).misfit, why, `${verb} ${why}`);
  check("swap", [thing("A"), thing("A")], "same");
  check("swap", [thing("A", { exists: false })], "unknown");
  check("relabel", [thing("A"), thing("B")], "used");
  check("replace", [thing("A", { parent: null })], "not_inside");
  check("merge", [thing("A", { level: "unit" })], "not_container");
  check("move", [thing("A"), thing("A")], "twice");
  check("split", [thing("A"), thing("B", { parent: "Q" })], "other_parent");
});

test("what the rules say of an object alone is heard at its scan", () => {
  const why = { code: "object_is_away", sentence: "It is away", remedy: "Receive it" };
  const away = (/** @type {string} */ action, /** @type {object} */ more = {}) =>
    thing("A", { actions: [{ action, why_not: why }], ...more });
  for (const [verb, action, more] of /** @type {const} */ ([
    ["replace", "replace", {}],
    ["swap", "swap", {}],
    ["relabel", "relabel", {}],
    ["move", "move", {}],
    ["merge", "merge", {}],
    ["split", "take_out", {}],
    ["split", "split", { parent: null }],
    ["reset", "reset", {}],
  ])) {
    const recipe = recipeOf(verb);
    assert.ok(recipe);
    assert.deepEqual(take(recipe, {}, 0, away(action, more), ""), { kind: "barred", why }, `${verb} ${action}`);
    assert.equal(take(recipe, {}, 0, away("another", more), "").kind, "fits", verb);
  }
});

test("a list goes on where it was, and two scans that belong together do not", () => {
  const kept = RECIPES.filter(goesOn).map(({ verb }) => verb);
  assert.deepEqual(kept, ["move", "split", "reset"]);
});

test("a count keeps on until it is declared finished", () => {
  assert.equal(
    scanAll("reset", [thing("C", { level: "case" }), thing("A", { level: "unit" }), thing("B", { level: "unit" })])
      .operation,
    null,
  );
});

test("there are few enough reasons for tiles, and a verb is described once", () => {
  for (const { action } of DEEDS) {
    assert.ok(reasonsOf(action).length <= REASONS_MAX, action);
  }
  const verbs = [...RECIPES.map((recipe) => recipe.verb), ...DEEDS.map((deed) => deed.action)];
  assert.equal(new Set(verbs).size, verbs.length);
});

/**
 * @param {string[]} names
 * @param {object} [more]
 */
const keys = (names, more = {}) =>
  names.map((key, index) => ({
    key,
    code: "",
    ctrl: false,
    alt: false,
    shift: false,
    caps: false,
    at: index * 8,
    ...more,
  }));

test("hidden characters are made visible", () => {
  assert.equal(visible("a\u001db\r c\u00a0"), "a<GS>b<CR>\u2423c<U+00A0>");
  const shown = showKeys([...keys(["Shift", "A", "F8", "Enter"]), ...keys(["]"], { ctrl: true, at: 40 })]);
  assert.deepEqual(
    shown.map(({ text, kind }) => `${text} ${kind}`),
    ["Shift modifier", "A character", "F8 separator", "Enter end", "Ctrl+] separator"],
  );
});

test("a scanner that is set well gets no complaint", () => {
  const expected = "010401234500001521aB7x9\u001d10L1";
  const verdicts = judge(
    keys([..."]d2010401234500001521aB7x9~10L1", "Enter"]),
    "]d2010401234500001521aB7x9~10L1",
    expected,
  );
  assert.deepEqual(verdicts.map(({ code }) => code).sort(), [
    "fast",
    "separator_found",
    "symbology_found",
    "text_agrees",
  ]);
});

test("each fault of a scanner is named", () => {
  const expected = "010401234500001521aB7x9\u001d10L1";
  const text = expected.replace("\u001d", "");
  const check = (/** @type {any[]} */ sent, /** @type {string} */ as, /** @type {string} */ code) =>
    assert.ok(
      judge(sent, as, expected).some((verdict) => verdict.code === code),
      code,
    );
  check([], "", "no_keys");
  check(keys([...text, "Enter"]), text, "no_separator");
  check(keys([...text]), text, "no_end");
  check(keys([...text, "Enter"], { caps: true }), text.toUpperCase(), "caps_lock");
  check(keys([...text, "Enter"]), text.toUpperCase(), "text_differs");
  check([...keys([...text]), ...keys(["p"], { ctrl: true, at: 900 })], text, "browser_keys");
  check(
    keys([...text]).map((key, index) => ({ ...key, at: index * 200 })),
    text,
    "typed_by_hand",
  );
  check(
    keys([...text]).map((key, index) => ({ ...key, at: key.at + (3 < index ? 90 : 0) })),
    text,
    "slow",
  );
});
