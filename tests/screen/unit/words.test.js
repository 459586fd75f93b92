// The words: every language has the same keys and the same gaps, and every reason, deed and rework has words.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DEEDS } from "../../../server/screen/work/deeds.js";
import { everyReason } from "../../../server/screen/work/reasons.js";
import { FATES, RECIPES } from "../../../server/screen/work/rework.js";
import { shell as shellInGerman } from "../../../server/screen/words/de.js";
import { work as workInGerman } from "../../../server/screen/words/de/work.js";
import { shell as shellInEnglish } from "../../../server/screen/words/en.js";
import { work as workInEnglish } from "../../../server/screen/words/en/work.js";

const english = { ...shellInEnglish, ...workInEnglish };
const german = { ...shellInGerman, ...workInGerman };

test("both languages have the same keys, and no key twice", () => {
  assert.deepEqual(Object.keys(german).sort(), Object.keys(english).sort());
  const shared = Object.keys(shellInEnglish).filter((key) => Object.hasOwn(workInEnglish, key));
  assert.deepEqual(shared, []);
});

test("both languages have the same gaps in each sentence", () => {
  const gaps = (/** @type {string} */ text) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [key, text] of Object.entries(english)) {
    assert.deepEqual(gaps(german[key] ?? ""), gaps(text), key);
  }
});

test("every reason, fate, deed and rework has words", () => {
  const keys = [
    ...everyReason().map((name) => `reason.${name}`),
    ...FATES.map((fate) => `fate.${fate}`),
    ...DEEDS.flatMap(({ action }) => [`deed.${action}`, `deed.${action}.hint`, `deed.done.${action}`]),
    ...RECIPES.flatMap(({ verb, steps }) => [
      `rework.${verb}`,
      `rework.${verb}.hint`,
      ...steps.map(({ name }) => `rework.${verb}.${name}`),
    ]),
  ];
  for (const key of keys) {
    assert.ok(Object.hasOwn(english, key), key);
  }
});
