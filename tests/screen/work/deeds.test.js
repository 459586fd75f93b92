// What is done to objects by themselves: hold, close, ship, destroy, with reasons, signatures and command barcodes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { arrive } from "./person.js";
import { GTIN, makeCase, makeLoose, makePallet, operate } from "./world.js";

/** @type {import("./person.js").Person} */
let person;
/** @type {() => Promise<void>} */
let leave;

before(async () => ({ person, leave } = await arrive()));
after(() => leave());

test("hold: a scan and a reason; what is inside is held with it; release ends it", async () => {
  const box = await makeCase(person, 2);
  await person.go("do/hold");
  await person.scan(box.id);
  await person.choose("Wrong temperature");
  await person.hears("ok", /On hold/);
  assert.equal((await person.inspect(box.units[0] ?? "")).held_by, box.id);
  await person.pause();
  await person.go("do/release");
  await person.scan(box.id);
  await person.choose("Checked, good");
  await person.scan("PT-CONFIRM");
  await person.hears("ok", /Released/);
  assert.equal((await person.inspect(box.id)).held_by, null);
});

test("a hold can be for the whole lot, with the keyboard", async () => {
  const box = await makeCase(person, 2);
  await person.go(`lot/${GTIN}/${box.lot}`);
  await person.sees(/This lot is free/);
  await person.press("Hold the lot");
  await person.page.keyboard.press("1");
  await person.hears("ok", /On hold/);
  assert.equal((await person.ask("GET", `/v1/lots/${GTIN}/${box.lot}`)).held, true);
});

test("close: the scan is the deed; reopen and close as partial are signed", async () => {
  const box = await makeCase(person, 2);
  await person.go("do/reopen");
  await person.scan(box.id);
  await person.choose("Wrong contents");
  await person.page.locator("dialog[open] input[type=password]").fill("not the password");
  await person.page.keyboard.press("Enter");
  await person.hears("stop", /signature is wrong/);
  await person.page.locator("dialog[open]").waitFor();
  assert.match(await person.page.locator("dialog[open]").innerText(), /password of the signature is wrong/);
  await person.sign();
  await person.hears("ok", /Reopen/);
  assert.equal((await person.inspect(box.id)).seal, "open");
  await person.pause();
  await person.go("do/close");
  await person.scan(box.id);
  await person.hears("ok", /Closed/);
  assert.equal((await person.inspect(box.id)).seal, "closed");
});

test("a question that is open is answered first, which is said above it", async () => {
  const box = await makeCase(person, 1);
  await person.go(`lot/${GTIN}/${box.lot}`);
  await person.press("Hold the lot");
  await person.scan(box.id);
  assert.match(await person.page.locator("dialog[open]").innerText(), /Answer first/);
  const isAbove = await person.page.evaluate(() => document.getElementById("flash")?.matches(":popover-open"));
  assert.ok(isAbove, "the colour lies above the question");
  await person.scan("PT-CANCEL");
  assert.equal(await person.page.locator("dialog[open]").count(), 0);
});

test("a deed that begins at a card ends there, and is not done again by going back", async () => {
  const box = await makeCase(person, 2);
  await operate(person, { type: "unpack", children: [box.units[0]] });
  await person.go(`object?id=${encodeURIComponent(box.id)}`);
  await person.page.getByRole("link", { name: "Close", exact: true }).click();
  await person.settled();
  assert.equal((await person.inspect(box.id)).seal, "broken", "a touch that slipped does nothing");
  await person.press("Close");
  await person.hears("ok", /Closed/);
  await person.page.locator('.screen[data-name="object"]').waitFor();
  await operate(person, { type: "unpack", children: [box.units[1]] });
  await person.page.goBack();
  await person.settled();
  assert.equal((await person.inspect(box.id)).children, 0);
});

test("what cannot be done is refused in words that say what to do", async () => {
  const box = await makeCase(person, 1);
  await person.go("do/close");
  await person.scan(box.id);
  await person.hears("stop", /closed.*reopen it first/i);
});

test("ship and receive", async () => {
  const pallet = await makePallet(person, 1, 1);
  await person.go("do/ship");
  await person.scan(pallet.id);
  await person.press("Ship");
  await person.hears("ok", /Shipped/);
  assert.equal((await person.inspect(pallet.id)).away, true);
  await person.pause();
  await person.go("do/receive");
  await person.scan(pallet.id);
  await person.page.getByText("Contents were checked").click();
  await person.press("Receive");
  await person.hears("ok", /Received/);
  assert.equal((await person.inspect(pallet.id)).away, false);
});

test("sample: a scan, a reason and one press; the unit is out of its case for good", async () => {
  const box = await makeCase(person, 2);
  await person.go("do/sample");
  await person.scan(box.units[0] ?? "");
  await person.choose("Retain sample");
  await person.press("Take as sample");
  await person.hears("ok", /Sampled/);
  const unit = await person.inspect(box.units[0] ?? "");
  assert.deepEqual([unit.status, unit.parent], ["sampled", null]);
});

test("destroy: held down for a second, and signed", async () => {
  const [unit = ""] = await makeLoose(person, 1, "D1");
  await person.go("do/destroy");
  await person.scan(unit);
  await person.choose("Expired");
  const button = person.page.getByRole("button", { name: "Hold down: Destroy" });
  await button.click();
  await person.settled();
  assert.equal(await person.page.locator("dialog[open]").count(), 0, "a short press does nothing");
  await person.holds(button);
  await person.sign();
  await person.hears("ok", /Destroyed/);
  assert.equal((await person.inspect(unit)).status, "destroyed");
});

test("the page had no error", () => assert.deepEqual(person.errors, []));
