// Every language has the same words, and they take the same values.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { shell as shellInGerman } from "../../../server/screen/words/de.js";
import { said as saidInGerman } from "../../../server/screen/words/de/said.js";
import { policy as policyInGerman } from "../../../server/screen/words/de/policy.js";
import { work as workInGerman } from "../../../server/screen/words/de/work.js";
import { shell as shellInEnglish } from "../../../server/screen/words/en.js";
import { policy as policyInEnglish } from "../../../server/screen/words/en/policy.js";
import { work as workInEnglish } from "../../../server/screen/words/en/work.js";

const english = { ...shellInEnglish, ...workInEnglish, ...policyInEnglish };
const german = { ...shellInGerman, ...workInGerman, ...policyInGerman };
const SCREEN = fileURLToPath(new URL("../../../server/screen", import.meta.url));
/** The tests run from a copy below `target`. */
const RULES = fileURLToPath(new URL("../../../../../engine/docs/rules.md", import.meta.url));

test("every key is in both languages", () => {
  assert.deepEqual(Object.keys(german).sort(), Object.keys(english).sort());
});

test("a sentence takes the same values in both languages", () => {
  const values = (/** @type {string} */ words) => [...new Set(words.match(/\{\w+\}/g) ?? [])].sort();
  for (const [key, words] of Object.entries(english)) {
    assert.deepEqual(values(german[key] ?? ""), values(words), key);
  }
});

test("every refusal of the rules is said in German, in the order of the rules", () => {
  const codes = [...readFileSync(RULES, "utf8").matchAll(/^\| \d+ \| `(\w+)` \|/gm)].map(([, code]) => code);
  assert.ok(40 < codes.length, `only ${codes.length} refusals were found, so this test sees too little`);
  assert.deepEqual(Object.keys(saidInGerman).slice(0, codes.length), codes);
});

test("no key stands in two lists", () => {
  const lists = [shellInEnglish, workInEnglish, policyInEnglish];
  assert.equal(lists.flatMap(Object.keys).length, Object.keys(english).length);
});

test("every key that a file names has words", () => {
  const files = readdirSync(SCREEN, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
  let count = 0;
  for (const file of files) {
    const text = readFileSync(`${SCREEN}/${file}`, "utf8");
    for (const [, key = ""] of text.matchAll(/\bt\("([\w.-]+)"/g)) {
      count += 1;
      assert.ok(Object.hasOwn(english, key), `${file}: t("${key}")`);
    }
  }
  assert.ok(100 < count, `only ${count} keys were found, so this test sees too little`);
});
