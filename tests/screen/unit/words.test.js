// Every language has the same words, and they take the same values.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { shell as shellInGerman } from "../../../server/screen/words/de.js";
import { work as workInGerman } from "../../../server/screen/words/de/work.js";
import { shell as shellInEnglish } from "../../../server/screen/words/en.js";
import { work as workInEnglish } from "../../../server/screen/words/en/work.js";

const english = { ...shellInEnglish, ...workInEnglish };
const german = { ...shellInGerman, ...workInGerman };
const SCREEN = fileURLToPath(new URL("../../../server/screen", import.meta.url));

test("every key is in both languages", () => {
  assert.deepEqual(Object.keys(german).sort(), Object.keys(english).sort());
});

test("a sentence takes the same values in both languages", () => {
  const values = (/** @type {string} */ words) => [...new Set(words.match(/\{\w+\}/g) ?? [])].sort();
  for (const [key, words] of Object.entries(english)) {
    assert.deepEqual(values(german[key] ?? ""), values(words), key);
  }
});

test("no key stands in two lists", () => {
  const twice = Object.keys(shellInEnglish).filter((key) => Object.hasOwn(workInEnglish, key));
  assert.deepEqual(twice, []);
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
