// The past: history, the picture of a container at a moment, what changed since, and undo.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { arrive } from "./person.js";
import { makeCase, makeLoose, makePallet, operate } from "./world.js";

/** @type {import("./person.js").Person} */
let person;
/** @type {() => Promise<void>} */
let leave;

before(async () => ({ person, leave } = await arrive({ size: { width: 1440, height: 900 } })));
after(() => leave());

test("history says who did what, when and why, the newest first", async () => {
  const box = await makeCase(person, 2);
  await operate(person, { type: "hold", objects: [box.id] }, "dropped by a fork lift");
  await person.go("history");
  await person.scan(box.id);
  await person.sees(/Hold.*Reason: dropped by a fork lift.*Close.*Pack.*Commission/);
});

test("the picture shows what was recorded then, and what changed since", async () => {
  const pallet = await makePallet(person, 2, 2);
  const [gone, stays] = pallet.cases;
  const fact = await operate(person, { type: "unpack", children: [gone?.id] });
  await person.go(`tree?id=${encodeURIComponent(pallet.id)}`);
  await person.page.locator(".picture .is-tile").first().waitFor();
  assert.equal(await person.page.locator(".picture .is-tile").count(), 1, "one case is left");
  // The lines pack on meanwhile: the fact before it in the journal may be one of theirs.
  const steps = await person.page.locator("#step option").evaluateAll((all) => all.map((one) => one.getAttribute("value") ?? ""));
  const before = steps.find((step) => step.startsWith("#") && Number(step.slice(1)) < fact);
  assert.ok(before !== undefined, `nothing before #${fact} in ${steps}`);
  await person.page.locator("#step").selectOption(before);
  await person.settled();
  assert.equal(await person.page.locator(".picture .is-tile").count(), 2, "two were there");
  await person.page.getByLabel("What changed from then until now").check();
  await person.settled();
  assert.equal(await person.page.locator(".picture .is-tile.is-went_out").count(), 1);
  await person.sees(/went out/);
  await person.page.getByText("List", { exact: true }).click();
  await person.settled();
  const list = (await person.page.locator(".tree-list").innerText()).replaceAll("\n", " ");
  assert.ok(list.includes(gone?.id ?? "?") && list.includes(stays?.id ?? "?") && list.includes("went out"), list);
});

test("a container is spread out by pressing it, and only what is on hold is red", async () => {
  const pallet = await makePallet(person, 2, 3);
  await operate(person, { type: "hold", objects: [pallet.cases[0]?.id] }, "to be seen");
  await person.go(`tree?id=${encodeURIComponent(pallet.id)}`);
  await person.page.locator(".picture .is-tile").first().waitFor();
  assert.equal(await person.page.locator(".picture .is-held").count(), 1);
  await person.page.locator(".picture .is-tile").first().click();
  assert.equal(await person.page.locator(".picture .is-dot").count(), 3);
});

test("the last action can be undone, with a reason", async () => {
  const box = await makeCase(person, 2);
  const [unit = ""] = await makeLoose(person, 1, box.lot);
  await operate(person, { type: "hold", objects: [unit] }, "to be undone");
  await person.go("actions");
  await person.page.locator(".fact", { hasText: "to be undone" }).getByRole("button", { name: "Undo" }).click();
  await person.settled();
  await person.choose("Wrong object");
  await person.hears("ok", /Undone/);
});

test("find says where a unit is, the outermost container first", async () => {
  const pallet = await makePallet(person, 1, 2);
  const box = pallet.cases[0];
  await person.go("find");
  await person.scan(box?.units[0] ?? "");
  const around = await person.page.locator(".around li").allInnerTexts();
  assert.equal(around.length, 3);
  assert.match(around[0] ?? "", /pallet/);
  assert.match(around[2] ?? "", /unit/);
});

test("the page had no error", () => assert.deepEqual(person.errors, []));
