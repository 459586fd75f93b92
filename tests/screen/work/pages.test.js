// Every screen for work: without errors and accessible, at three sizes and in both languages, with the keyboard alone; the self-test too.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { arrive } from "./person.js";
import { GTIN, makePallet } from "./world.js";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const SIZES = [
  { width: 390, height: 844 },
  { width: 480, height: 800 },
  { width: 1440, height: 900 },
];

/** @type {import("./person.js").Person} */
let person;
/** @type {() => Promise<void>} */
let leave;
/** @type {string[]} */
let addresses = [];
let pallet = "";
let box = "";
/** A pallet of the demo, of which documents told: with notes that are long. */
const DOCUMENTED = "(00)095212345000001008";

before(async () => {
  ({ person, leave } = await arrive());
  const made = await makePallet(person, 3, 2);
  pallet = made.id;
  box = made.cases[0]?.id ?? "";
  const [p, c] = [encodeURIComponent(pallet), encodeURIComponent(box)];
  addresses = [
    ...[
      "rework",
      `rework/move?id=${c}`,
      `rework/replace?id=${c}`,
      `reconcile?id=${p}`,
      "actions",
      "supervisor",
      "lots",
    ],
    ...[
      `do/hold?id=${c}`,
      `do/destroy?id=${c}`,
      `do/decommission?id=${c}`,
      `find?text=${c}`,
      `lot/${GTIN}/${made.cases[0]?.lot}`,
    ],
    ...[`history?id=${p}`, `history?id=${encodeURIComponent(DOCUMENTED)}`, `tree?id=${p}`, "feed", "selftest", `label?id=${p}`, "commands", "demo", "admin"],
  ];
});
after(() => leave());

test("every page opens without a refusal, with its pictures and one heading, and fits its width", async () => {
  for (const size of SIZES) {
    await person.page.setViewportSize(size);
    for (const address of addresses) {
      await person.go(address);
      const where = `${address} at ${size.width}`;
      assert.equal(await person.page.locator("h1").count(), 1, `${where}: headings`);
      assert.notEqual((await person.heard()).kind, "stop", `${where}: ${(await person.heard()).words}`);
      const blank = await person.page.evaluate(async () => {
        const pictures = [...document.images];
        await Promise.allSettled(pictures.map((picture) => picture.decode()));
        return pictures.filter(({ naturalWidth }) => naturalWidth === 0).map(({ src }) => src);
      });
      assert.deepEqual(blank, [], `${where}: pictures that do not show`);
      const overflow = await person.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${where}: wider than the screen by ${overflow}`);
    }
  }
});

/** What axe finds on the page. @returns {Promise<string[]>} */
async function faults() {
  // The policy of the page allows no foreign script, so it is run from outside.
  await person.page.evaluate((await import("node:fs")).readFileSync(AXE, "utf8"));
  return person.page.evaluate(async () => {
    const axe = /** @type {any} */ (window).axe;
    const found = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] });
    return found.violations.map((/** @type {any} */ one) => `${one.id}: ${one.nodes[0]?.html ?? ""}`);
  });
}

test("both languages have words for everything on every page, and axe finds nothing", async () => {
  await person.page.setViewportSize({ width: 480, height: 800 });
  for (const language of ["de", "en"]) {
    await person.page.evaluate((chosen) => localStorage.setItem("packtree.language", chosen), language);
    await person.page.reload();
    for (const address of addresses) {
      await person.go(address);
      assert.deepEqual(await faults(), [], `${address} in ${language}`);
      const text = await person.page.locator("main").innerText();
      assert.doesNotMatch(text, /\b[a-z]+\.[a-z_]+(\.[a-z_]+)?\b(?!\.)/, `${address} in ${language} shows a key`);
    }
  }
});

test("rework with the keyboard alone: a number, a typed code, Enter", async () => {
  await person.go("rework");
  await person.page.keyboard.press("2");
  await person.page.locator("h1", { hasText: "Swap" }).waitFor();
  await person.page.locator("summary", { hasText: "Type a code" }).focus();
  await person.page.keyboard.press("Enter");
  await person.page.keyboard.press("Tab");
  await person.page.keyboard.type(box, { delay: 120 });
  await person.page.keyboard.press("Enter");
  await person.settled();
  await person.sees(/Step 2 of 2/);
});

test("the self-test names a lost separator, and a scanner that is set well", async () => {
  await person.go("selftest");
  await person.scan("010952123456788221aZ9kLm10Lot7x17301231");
  await person.sees(/separator FNC1 was lost/);
  await person.press("Clear");
  await person.scan("]d2010952123456788221aZ9kLm~10Lot7x~17301231");
  await person.sees(/This scanner is set well/);
  await person.press("Clear");
  await person.scan("PT-FINISH");
  await person.sees(/Scanner self-test/);
});

test("a label can be looked at, and marked as a copy", async () => {
  await person.go(`label?id=${encodeURIComponent(pallet)}`);
  const preview = person.page.locator(".label-preview");
  assert.ok(
    await preview.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
    "the label is drawn",
  );
  await person.page.getByLabel("Reprint, mark as copy").check();
  assert.match((await preview.getAttribute("src")) ?? "", /copy=/);
});

test("the pages had no error", () => assert.deepEqual(person.errors, []));
