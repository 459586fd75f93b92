// Rework with a scanner alone: as many scans as the hands have steps.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { arrive } from "./person.js";
import { freshLabel, makeCase, makeEmpty, makeLoose, makePallet, operate } from "./world.js";

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

test("split from the card of a container: it is what the part goes out of", async () => {
  const pallet = await makePallet(person, 3, 1);
  const label = freshLabel();
  await person.go(`rework/split?id=${encodeURIComponent(pallet.id)}`);
  await person.sees(new RegExp(`Out of.*${pallet.id.slice(-6)}`));
  await person.scanAll([pallet.cases[0]?.id ?? "", label]);
  await person.hears("ok", /Split/);
  assert.equal((await person.inspect(pallet.id)).children, 2);
});

test("what was shipped or ended its life is refused at the first scan, in words", async () => {
  const [away, [broken = ""]] = [await makePallet(person, 1, 1), await makeLoose(person, 1, "D2")];
  await operate(person, { type: "ship", roots: [away.id] });
  await operate(person, { type: "reject", objects: [broken] }, "broken");
  for (const [index, verb] of ["merge", "swap", "move", "relabel", "split", "reset"].entries()) {
    await person.go(`rework/${verb}`);
    // Not the same twice in a row: that would be a double scan.
    await person.scan((index % 2 === 0 ? away.id : away.cases[0]?.id) ?? "");
    await person.hears("stop", /shipped|away/);
    await person.sees(/Step 1 of/);
  }
  await person.go("rework/swap");
  await person.scan(broken);
  await person.hears("stop", /not active|out of use/);
  await person.go("rework/replace");
  await person.scan(away.cases[0]?.units[0] ?? "");
  await person.hears("stop", /shipped|away/);
});

test("the card offers no rework that the rules refuse, and says why not", async () => {
  const pallet = await makePallet(person, 1, 1);
  const offered = async (/** @type {string} */ verb) => {
    await person.go(`object?id=${encodeURIComponent(pallet.id)}`);
    await person.page.getByText("More", { exact: true }).click();
    return person.page.locator(`main a[data-command="${verb}"]`).count();
  };
  assert.equal(await offered("merge"), 1);
  await operate(person, { type: "ship", roots: [pallet.id] });
  assert.equal(await offered("merge"), 0);
  await person.sees(/Not possible now.*Merge.*(shipped|away)/);
});

test("what the other object forbids is refused at its scan, and the first scan still counts", async () => {
  const pallet = await makePallet(person, 2, 1);
  const [box, into] = [await makeCase(person, 2), await makeEmpty(person, "case")];
  await person.go("rework/merge");
  await person.scanAll([pallet.id, into]);
  await person.hears("stop", /level/);
  await person.sees(/Step 2 of 2/);
  await person.go("rework/swap");
  await person.scanAll([pallet.cases[0]?.id ?? "", box.units[0] ?? ""]);
  await person.hears("stop", /level/);
  await person.scan(box.id);
  await person.hears("ok", /Swap/);
  assert.equal((await person.inspect(box.id)).parent, pallet.id);
  const closed = await makePallet(person, 1, 1);
  await person.go("rework/move");
  await person.scanAll([into, closed.id]);
  await person.hears("stop", /closed/);
  await person.sees(/1 scanned/);
});

test("nobody is asked why before what comes in fits; whoever thinks better of it scans another", async () => {
  const box = await makeCase(person, 2);
  const [right = "", other = ""] = await makeLoose(person, 2, box.lot);
  const wrong = await makeCase(person, 1);
  await person.go("rework/replace");
  await person.scan(box.units[0] ?? "");
  await person.scan("PT-1");
  await person.scan(wrong.id);
  await person.hears("stop", /product|level/);
  assert.equal(await person.page.locator("dialog[open]").count(), 0);
  await person.scan(other);
  await person.scan("PT-CANCEL");
  await person.sees(/Step 3 of 3/);
  await person.scan(right);
  await person.choose("Leaking");
  await person.hears("ok", /Replace/);
  assert.equal((await person.inspect(right)).parent, box.id);
  assert.equal((await person.inspect(other)).parent, null);
});

test("what was scanned first comes first, whichever answer is the faster", async () => {
  const from = await makeCase(person, 2);
  const into = await makeEmpty(person, "case");
  await person.go("rework/merge");
  let asked = 0;
  await person.page.route("**/v1/scan", async (route) => {
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, asked === 1 ? 500 : 0));
    await route.continue();
  });
  await person.sends([...from.id, "Enter", ...into, "Enter"]);
  await person.hears("ok", /Merge/);
  await person.page.unrouteAll({ behavior: "wait" });
  assert.equal((await person.inspect(into)).children, 2);
});

test("what cannot be in a container is refused while its contents are scanned", async () => {
  const [box, held] = [await makeCase(person, 2), await makeLoose(person, 1, "H2")];
  await operate(person, { type: "hold", objects: held }, "to be seen");
  await person.go("rework/reset");
  await person.scanAll([box.id, box.units[0] ?? "", held[0] ?? ""]);
  await person.hears("stop", /hold/);
  await person.sees(/1 scanned/);
});

test("the page had no error", () => assert.deepEqual(person.errors, []));
