// Work that is under way when the screen locks, the page is closed, or the battery is empty: what goes on, and what begins anew.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { arrive, visitWithProfile } from "./person.js";
import { passwordOf } from "./site.js";
import { freshLabel, makeCase, makeEmpty, makeLoose, makePallet, operate } from "./world.js";

/** @type {import("./person.js").Person} */
let person;
/** @type {() => Promise<void>} */
let leave;

before(async () => {
  ({ person, leave } = await arrive());
  await person.page.clock.install();
  // The clock that locks the screen is the installed one from here on.
  await person.page.reload();
  await person.settled();
});
after(() => leave());

/** Locks the screen, and lets somebody in again. @param {string} [user] */
async function locksFor(user = person.site.user) {
  await person.waitsForTheLock();
  await signsIn(user);
}

/** @param {string} [user] */
async function signsIn(user = person.site.user) {
  const password = user === person.site.user ? person.site.password : passwordOf(person.site.said ?? "", user ?? "");
  await person.tryToSignIn(user ?? "", password ?? "");
  await person.page.locator('.screen:not([data-name="sign-in"])').waitFor();
  await person.settled();
}

test("a count goes on after the lock, a reload and a page that was closed", async () => {
  const box = await makeCase(person, 4);
  await person.go("reconcile");
  await person.scanAll([box.id, ...box.units.slice(0, 2)]);
  await locksFor();
  await person.hears("warning", /Goes on.*Begun/);
  await person.sees(new RegExp(`${box.id.slice(-6)}.*2 counted.*Begun `));
  await person.scan(box.units[1] ?? "");
  await person.hears("double", /Already on the list/);
  await person.scan(box.units[2] ?? "");
  await person.page.reload();
  await person.sees(/3 counted/);
  await person.opensAgain();
  await person.page.locator('.screen[data-name="home"]').waitFor();
  await person.scan("PT-COUNT");
  await person.sees(/3 counted/);
  await person.scanAll([box.units[3] ?? "", "PT-FINISH"]);
  await person.hears("ok", /Count agrees/);
  await person.go("reconcile");
  await person.sees(/Scan the container to count/);
});

test("differences that were not put right yet are there again", async () => {
  const box = await makeCase(person, 3);
  await person.go("reconcile");
  await person.scanAll([box.id, box.units[0] ?? "", "PT-FINISH"]);
  await person.sees(/Missing 2/);
  await person.page.reload();
  await person.sees(/Missing 2.*1 of 3/);
  await person.press("Do all: Record as taken out");
  await person.choose("Not in the container");
  await person.sees(/now says what you counted/);
  await person.page.reload();
  await person.sees(/Scan the container to count/);
});

test("a count is asked about before another one takes its place", async () => {
  const [one, other] = [await makeCase(person, 2), await makeCase(person, 2)];
  await person.go("reconcile");
  await person.scanAll([one.id, one.units[0] ?? ""]);
  await person.go(`reconcile?id=${encodeURIComponent(other.id)}`);
  assert.match(await person.page.locator("dialog[open]").innerText(), /1 counted in/);
  await person.scan("PT-CANCEL");
  await person.sees(new RegExp(`${one.id.slice(-6)}.*1 counted`));
  await person.go(`reconcile?id=${encodeURIComponent(other.id)}`);
  await person.scan("PT-CONFIRM");
  await person.sees(new RegExp(`${other.id.slice(-6)}.*0 counted`));
  await person.scanAll([...other.units, "PT-FINISH"]);
  await person.hears("ok", /Count agrees/);
});

test("nobody else sees a count, and it waits for whoever began it", async () => {
  const box = await makeCase(person, 2);
  await person.go(`reconcile?id=${encodeURIComponent(box.id)}`);
  await person.scan(box.units[0] ?? "");
  await locksFor("quinn");
  await person.page.locator('.screen[data-name="home"]').waitFor();
  assert.doesNotMatch(await person.page.evaluate(() => location.hash), /id=/);
  await person.go("reconcile");
  await person.sees(/Scan the container to count/);
  await locksFor();
  await person.go("reconcile");
  await person.sees(new RegExp(`${box.id.slice(-6)}.*1 counted`));
  await person.scanAll([box.units[1] ?? "", "PT-FINISH"]);
  await person.hears("ok", /Count agrees/);
});

test("what was collected for a move goes on; whoever goes elsewhere has given it up", async () => {
  const pallet = await makePallet(person, 3, 1);
  const into = await makeEmpty(person, "pallet");
  const [first, second] = pallet.cases.map(({ id }) => id);
  await person.go("rework/move");
  await person.scan(first ?? "");
  await locksFor();
  await person.hears("warning", /Goes on/);
  await person.sees(new RegExp(`1 scanned.*${first?.slice(-6)}`));
  await person.scan(second ?? "");
  await person.page.reload();
  await person.sees(/2 scanned/);
  await person.scan(into);
  await person.hears("ok", /Move/);
  assert.equal((await person.inspect(into)).children, 2);
  await person.scan(pallet.cases[2]?.id ?? "");
  await person.sees(/1 scanned/);
  await person.go("rework/move");
  assert.doesNotMatch(await person.page.locator("main").innerText(), /1 scanned/);
});

test("what was collected for a split and for set contents goes on", async () => {
  const pallet = await makePallet(person, 3, 1);
  const label = freshLabel();
  await person.go("rework/split");
  await person.scan(pallet.cases[0]?.id ?? "");
  await person.page.reload();
  await person.sees(/1 scanned/);
  await person.scan(label);
  await person.hears("ok", /Split/);
  assert.equal((await person.inspect(label)).children, 1);
  const box = await makeCase(person, 2);
  await person.go("rework/reset");
  await person.scanAll([box.id, box.units[0] ?? ""]);
  await locksFor();
  await person.sees(/1 scanned/);
  await person.scan("PT-FINISH");
  await person.scan("PT-CONFIRM");
  await person.hears("ok", /Set contents/);
  assert.equal((await person.inspect(box.id)).children, 1);
});

test("half a replace, swap, relabel or merge begins anew, which is said", async () => {
  const [one, other] = [await makeCase(person, 2), await makeCase(person, 2)];
  for (const [verb, scan] of [
    ["replace", one.units[0]],
    ["swap", one.units[0]],
    ["relabel", one.id],
    ["merge", one.id],
  ]) {
    await person.go(`rework/${verb}`);
    await person.scan(scan ?? "");
    await person.sees(/Step 2 of/);
    await locksFor();
    await person.hears("warning", /From the start.*nothing of it was recorded/);
    await person.sees(/Step 1 of/);
  }
  await person.go("rework/swap");
  await person.scan(other.units[0] ?? "");
  await person.page.reload();
  await person.hears("warning", /From the start/);
  await person.scan(one.units[1] ?? "");
  await person.sees(/Step 2 of 2/);
  assert.equal((await person.inspect(one.units[1] ?? "")).parent, one.id, "the first scan after it is the first");
});

test("the counters of taking off go on after the lock, and a new going begins at nothing", async () => {
  const pallet = await makePallet(person, 4, 1);
  await person.go("take-off");
  await person.scanAll(pallet.cases.slice(0, 2).map(({ id }) => id));
  await person.sees(/taken 2 left 2/);
  await locksFor();
  await person.sees(/taken 2 left 2/);
  await person.scan(pallet.cases[2]?.id ?? "");
  await person.sees(/taken 3 left 1/);
  await person.page.reload();
  await person.sees(/taken 3 left 1/);
  await person.scan("PT-FINISH");
  await person.go("take-off");
  await person.sees(/Scan the first case/);
});

test("a case whose answer never came is sent again as the same request, and taken once", async () => {
  const pallet = await makePallet(person, 2, 1);
  const id = pallet.cases[0]?.id ?? "";
  await person.go("take-off");
  const recorded = new Promise((resolve) => {
    // The answer never comes back.
    const record = (/** @type {import("playwright-core").Route} */ route) => resolve(route.fetch());
    void person.page.route("**/v1/operations", record, { times: 1 });
  });
  await person.sends([...id, "Enter"]);
  await recorded;
  await person.page.reload();
  await person.sees(/Sent/);
  const { entries } = await person.ask("GET", `/v1/objects/${encodeURIComponent(id)}/history`);
  assert.equal(entries.filter((/** @type {any} */ one) => one.operation === "unpack").length, 1);
});

test("a list for a hold is asked about again", async () => {
  const units = await makeLoose(person, 3, "H1");
  await person.go("do/hold");
  await person.scanAll(units.slice(0, 2));
  await operate(person, { type: "reject", objects: units.slice(0, 1) }, "broke meanwhile");
  await locksFor();
  await person.sees(/1 scanned/);
  await person.choose("Wrong temperature");
  await person.hears("ok", /On hold/);
});

test("a count survives a browser that was killed, as when the battery is empty", async () => {
  const profile = mkdtempSync(join(tmpdir(), "packtree-profile-"));
  const box = await makeCase(person, 3);
  try {
    const first = await visitWithProfile(person.site, profile);
    await first.person.signIn();
    await first.person.go("reconcile");
    await first.person.scanAll([box.id, ...box.units.slice(0, 2)]);
    await first.kill();
    const second = await visitWithProfile(person.site, profile);
    try {
      await second.person.signIn();
      await second.person.go("reconcile");
      await second.person.sees(new RegExp(`${box.id.slice(-6)}.*2 counted`));
      await second.person.scanAll([box.units[2] ?? "", "PT-FINISH"]);
      await second.person.hears("ok", /Count agrees/);
    } finally {
      await second.kill();
    }
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});

test("the page had no error", () => assert.deepEqual(person.errors, []));
