// The blind count: nothing is shown before it is finished, then each difference can be put right.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { arrive } from "./person.js";
import { freshLabel, makeCase, makeLoose } from "./world.js";

/** @type {import("./person.js").Person} */
let person;
/** @type {() => Promise<void>} */
let leave;

before(async () => ({ person, leave } = await arrive()));
after(() => leave());

test("a count that agrees says so", async () => {
  const box = await makeCase(person, 3);
  await person.go("reconcile");
  await person.scanAll([box.id, ...box.units]);
  await person.scan("PT-FINISH");
  await person.hears("ok", /Count agrees/);
  await person.sees(/3 of 3/);
});

test("missing, unexpected and unknown are told apart, and put right one by one or together", async () => {
  const box = await makeCase(person, 5);
  const loose = await makeLoose(person, 2, box.lot);
  const unknown = freshLabel();
  await person.go("reconcile");
  await person.scanAll([box.id, ...box.units.slice(2)]);
  const before = (await person.page.locator("main").innerText()).replaceAll("\n", " ");
  assert.doesNotMatch(before, /\b5\b/, "how many are recorded stays hidden");
  await person.scanAll([...loose, unknown]);
  await person.scanAll([loose[0] ?? "", unknown]);
  await person.hears("double", /Already on the list/);
  await person.scan("PT-FINISH");
  await person.hears("warning", /Count differs/);
  await person.sees(/Missing 2.*Unexpected 3.*never commissioned.*3 of 5/);
  await person.press("Do all: Record as taken out");
  await person.choose("Not in the container");
  await person.press("Do all: Record as in here");
  await person.hears("ok", /Record as in here/);
  await person.sees(/Count agrees/);
  assert.equal((await person.inspect(box.id)).children, 5);
  assert.equal((await person.inspect(loose[0] ?? "")).parent, box.id);
});

test("what is recorded elsewhere is put into a closed container, which can be closed again", async () => {
  const [box, other] = [await makeCase(person, 3), await makeCase(person, 2)];
  const [strange = ""] = other.units;
  await person.go("reconcile");
  await person.scanAll([box.id, ...box.units.slice(1), strange, "PT-FINISH"]);
  await person.sees(/Missing 1.*Unexpected 1.*2 of 3/);
  await person.press(`Record as in here: ${strange}`);
  await person.hears("ok", /Record as in here/);
  assert.equal((await person.inspect(strange)).parent, box.id);
  assert.equal((await person.inspect(box.units[0] ?? "")).parent, box.id, "what is missing was not decided yet");
  await person.press(`Record as taken out: ${box.units[0]}`);
  await person.choose("Not in the container");
  await person.sees(/now says what you counted/);
  assert.equal((await person.inspect(box.units[0] ?? "")).parent, null);
  await person.page.getByRole("link", { name: "Close it again" }).click();
  await person.settled();
  await person.press("Close");
  await person.hears("ok", /Closed/);
  assert.equal((await person.inspect(box.id)).seal, "closed");
  await person.page.locator('.screen[data-name="object"]').waitFor();
});

test("a scan counts too when the person goes elsewhere before the server answered", async () => {
  const box = await makeCase(person, 2);
  await person.go("reconcile");
  await person.scan(box.id);
  await person.page.route("**/v1/scan", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await person.sends([...(box.units[0] ?? ""), "Enter"]);
  await person.page.evaluate(() => location.assign("#/"));
  await person.go("reconcile");
  await person.sees(/1 counted/);
  await person.page.unrouteAll({ behavior: "wait" });
  await person.scanAll([box.units[1] ?? "", "PT-FINISH"]);
  await person.hears("ok", /Count agrees/);
});

test("a count goes on without a connection, and is compared when it is back", async () => {
  const box = await makeCase(person, 3);
  await person.go("reconcile");
  await person.scanAll([box.id, box.units[0] ?? ""]);
  await person.page.context().setOffline(true);
  await person.page.locator("#head", { hasText: "No connection" }).waitFor();
  await person.scanAll(box.units.slice(1));
  await person.sees(/3 counted/);
  await person.page.context().setOffline(false);
  await person.hears("ok", /Connected/);
  await person.scan("PT-FINISH");
  await person.hears("ok", /Count agrees/);
});

test("the page had no error", () => assert.deepEqual(person.errors, []));
