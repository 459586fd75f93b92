// Rework with a scanner alone: as many scans as the hands have steps.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { arrive } from "./person.js";
import { freshLabel, makeCase, makeEmpty, makeLoose, makePallet } from "./world.js";

/** @type {import("./person.js").Person} */
let person;
/** @type {() => Promise<void>} */
let leave;

before(async () => ({ person, leave } = await arrive()));
after(() => leave());

test("replace: what goes out, what becomes of it, what comes in", async () => {
  const box = await makeCase(person, 4);
  const [fresh = ""] = await makeLoose(person, 1, box.lot);
  await person.go("rework/replace");
  await person.scan(box.units[0] ?? "");
  await person.scan("PT-1");
  await person.scan(fresh);
  await person.choose("Leaking");
  await person.hears("ok", /Replace/);
  assert.equal((await person.inspect(fresh)).parent, box.id);
  assert.equal((await person.inspect(box.units[0] ?? "")).status, "rejected");
});

test("swap: one, the other", async () => {
  const [one, other] = [await makeCase(person, 2), await makeCase(person, 2)];
  await person.go("rework/swap");
  await person.scanAll([one.units[0] ?? "", other.units[0] ?? ""]);
  await person.hears("ok", /Swap/);
  assert.equal((await person.inspect(one.units[0] ?? "")).parent, other.id);
  assert.equal((await person.inspect(other.units[0] ?? "")).parent, one.id);
});

test("relabel: the old label, the new one; a used label is refused in words", async () => {
  const [box, other, label] = [await makeCase(person, 2), await makeCase(person, 2), freshLabel()];
  await person.go("rework/relabel");
  await person.scanAll([box.id, other.id]);
  await person.hears("stop", /used before/);
  await person.scan(label);
  await person.hears("ok", /Relabel/);
  assert.equal((await person.inspect(label)).children, 2);
});

test("move: what moves, then the pallet", async () => {
  const pallet = await makePallet(person, 3, 2);
  const into = await makeEmpty(person, "pallet");
  const [first, second] = pallet.cases;
  await person.go("rework/move");
  await person.scanAll([first?.id ?? "", second?.id ?? "", into]);
  await person.hears("ok", /Move/);
  assert.equal((await person.inspect(into)).children, 2);
  assert.equal((await person.inspect(pallet.id)).seal, "broken");
});

test("merge: the one to empty, the one that takes it", async () => {
  const from = await makeCase(person, 3);
  const into = await makeEmpty(person, "case");
  await person.go("rework/merge");
  await person.scanAll([from.id, into]);
  await person.hears("ok", /Merge/);
  assert.equal((await person.inspect(into)).children, 3);
});

test("split: what goes out, then a label that was never used", async () => {
  const pallet = await makePallet(person, 3, 1);
  const label = freshLabel();
  await person.go("rework/split");
  await person.scanAll([pallet.cases[0]?.id ?? "", pallet.cases[1]?.id ?? "", label]);
  await person.hears("ok", /Split/);
  assert.equal((await person.inspect(label)).children, 2);
  assert.equal((await person.inspect(pallet.id)).children, 1);
});

test("set contents: the consequences are shown before anything is done", async () => {
  const box = await makeCase(person, 3);
  await person.go("rework/reset");
  await person.scanAll([box.id, ...box.units.slice(1), "PT-FINISH"]);
  assert.match((await person.page.locator("dialog[open]").textContent()) ?? "", /What will happen.*out of/s);
  assert.equal((await person.inspect(box.id)).children, 3, "nothing is done yet");
  await person.scan("PT-CONFIRM");
  await person.hears("ok", /Set contents/);
  assert.equal((await person.inspect(box.id)).children, 2);
});

test("the page had no error", () => assert.deepEqual(person.errors, []));
