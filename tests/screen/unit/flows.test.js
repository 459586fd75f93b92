// The list of the flows names every test that drives one, and no other.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL("..", import.meta.url));
/** What every file ends with, and what is no flow. */
const NO_FLOW = /^the pages? had no error$/;

test("each flow names its tests, and each test its flow", () => {
  const found = ["flows", "work"].flatMap((folder) =>
    readdirSync(`${HERE}/${folder}`)
      .filter((name) => name.endsWith(".test.js"))
      .flatMap((name) => [...readFileSync(`${HERE}/${folder}/${name}`, "utf8").matchAll(/\btest\(["`](.+?)["`],/g)])
      .map(([, name = ""]) => name)
      .filter((name) => !NO_FLOW.test(name)),
  );
  let list = readFileSync(`${HERE}/flows.md`, "utf8");
  const missing = [];
  // The longest first: a name may be the beginning of another.
  for (const name of found.sort((one, other) => other.length - one.length)) {
    if (!list.includes(name)) {
      missing.push(name);
    }
    list = list.replace(name, "");
  }
  assert.deepEqual(missing, [], "these tests are in no row");
  const left = [...list.matchAll(/^\| [^|]+ \| (.*) \|$/gm)].map(([, tests = ""]) => tests.replaceAll(/[;\s]/g, ""));
  assert.deepEqual(left.filter((tests) => tests !== "" && tests !== "tests"), [], "these rows name a test that is not there");
});
