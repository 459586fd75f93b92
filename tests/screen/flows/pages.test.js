// The pages that need no work: accessible at three sizes, in both languages, light and dark, with pictures of each under target/.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { arrive } from "../work/person.js";
import { makePallet } from "../work/world.js";

/** Run from outside, because the page allows no foreign script. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = fileURLToPath(new URL("../../../pictures", import.meta.url));
const SIZES = [
  { width: 390, height: 844 },
  { width: 480, height: 800 },
  { width: 1440, height: 900 },
];
/** From two metres and with gloves. */
const TARGET_MIN = 44;

mkdirSync(PICTURES, { recursive: true });

for (const [index, size] of SIZES.entries()) {
  const language = index % 2 === 0 ? "en" : "de";
  test(`pages at ${size.width} x ${size.height} in ${language}`, async () => {
    const { person, leave } = await arrive({ size, language });
    try {
      await person.page.emulateMedia({ colorScheme: index === 1 ? "dark" : "light", reducedMotion: "reduce" });
      const pallet = await makePallet(person, 3, 2);
      const [p, c] = [encodeURIComponent(pallet.id), encodeURIComponent(pallet.cases[0]?.id ?? "")];
      for (const address of [
        "home",
        `object?id=${p}`,
        `object?id=${c}`,
        "break",
        `break?id=${p}`,
        "take-off",
        "outbox",
        "setup",
      ]) {
        await person.go(address);
        await person.settled();
        await look(person, `${size.width}-${address.split("?")[0]}`);
      }
      assert.deepEqual(person.errors, []);
    } finally {
      await leave();
    }
  });
}

/** @param {import("../work/person.js").Person} person @param {string} name */
async function look(person, name) {
  await person.page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
  await person.page.evaluate(AXE);
  const found = await person.page.evaluate(async () => {
    const { violations } = await Reflect.get(window, "axe").run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    });
    return violations.map(
      (/** @type {any} */ one) =>
        `${one.id}: ${one.nodes
          .map((/** @type {any} */ node) => node.html)
          .join(" ")
          .slice(0, 300)}`,
    );
  });
  assert.deepEqual(found, [], name);
  const page = await person.page.evaluate(() => ({
    headings: document.querySelectorAll("h1").length,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    small: [...document.querySelectorAll("main button, main a.button, main a.tile, main summary")]
      .map((one) => one.getBoundingClientRect())
      .filter(({ height }) => 0 < height)
      .map(({ height }) => height),
  }));
  assert.equal(page.headings, 1, name);
  assert.ok(page.wide <= 0, `${name} is ${page.wide} pixels too wide`);
  assert.ok(
    page.small.every((height) => TARGET_MIN <= height),
    `${name}: ${page.small}`,
  );
}
