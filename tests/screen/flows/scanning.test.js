// The flows that begin with a scan: breaking up, taking off, without a connection, with a slow server, with every kind of scanner.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { arrive } from "../work/person.js";
import { GTIN, freshUnit, makeCase, makePallet, operate } from "../work/world.js";

/** @type {import("../work/person.js").Person} */
let person;
/** @type {() => Promise<void>} */
let leave;

before(async () => {
  ({ person, leave } = await arrive());
  // The first to hear a key, so that it is known when a scan ended.
  await person.page.addInitScript(() => {
    window.addEventListener(
      "keydown",
      ({ key, timeStamp }) => {
        if (key === "Enter") {
          document.body.dataset["entered"] = String(timeStamp);
        }
      },
      { capture: true },
    );
  });
  await person.page.reload();
  await person.page.locator('.screen[data-name="home"]').waitFor();
});
after(async () => {
  await leave?.();
  assert.deepEqual(
    person.errors.filter((error) => !error.includes("ERR_INTERNET_DISCONNECTED")),
    [],
  );
});

/** How long the slow server takes, and how long nobody may wait to know that a scan was heard. */
const SLOW_MILLISECONDS = 2000;
const FEEDBACK_MILLISECONDS_MAX = 50;

/** What a scanner sends for an identifier. @param {string} id */
const plain = (id) => id.replace(/[()]/g, "");
const parentOf = async (/** @type {string} */ id) => (await person.inspect(id)).parent;

/** What the page sends to change something. */
function listenToOperations() {
  /** @type {string[]} */
  const sent = [];
  const hear = (/** @type {import("playwright-core").Request} */ request) => {
    if (request.method() === "POST" && request.url().endsWith("/v1/operations")) {
      sent.push(JSON.parse(request.postData() ?? "{}").request_id);
    }
  };
  person.page.on("request", hear);
  return { sent, stop: () => person.page.off("request", hear) };
}

test("a pallet is broken up with one scan and one confirmation", async () => {
  const pallet = await makePallet(person, 4, 2);
  await person.page.evaluate(() => location.assign("#/"));
  await person.scan(plain(pallet.id));
  await person.sees(/4 objects will stand loose/);
  const button = person.page.getByRole("button", { name: /Hold down/ });
  await button.hover();
  await person.page.mouse.down();
  await person.page.mouse.up();
  assert.equal(await person.page.locator(".is-held-down").count(), 0, "nothing is under way after a touch that slipped");
  assert.equal((await person.inspect(pallet.id)).children, 4);
  await person.holds(button);
  await person.hears("ok", /Broken up/);
  assert.equal((await person.inspect(pallet.id)).children, 0);
});

test("a pallet is broken up with the scanner alone", async () => {
  const pallet = await makePallet(person, 3, 1);
  await person.page.evaluate(() => location.assign("#/"));
  await person.scan(plain(pallet.id));
  await person.scan("PT-BREAK");
  await person.hears("ok", /Broken up/);
  assert.equal((await person.inspect(pallet.id)).children, 0);
});

test("five cases off two pallets are five scans", async () => {
  const one = await makePallet(person, 4, 1);
  const other = await makePallet(person, 5, 1);
  await person.go("take-off");
  const { sent, stop } = listenToOperations();
  const cases = [...one.cases.slice(0, 2), ...other.cases.slice(0, 3)].map(({ id }) => id);
  await person.scanAll(cases.map(plain));
  await person.hears("ok", /3 taken/);
  stop();
  assert.equal(sent.length, 5);
  for (const id of cases) {
    assert.equal(await parentOf(id), null, id);
  }
  await person.sees(/taken 2 left 2/);
  await person.sees(/taken 3 left 2/);
  await person.scan("PT-UNDO");
  await person.hears("ok", /Put back/);
  assert.equal(await parentOf(cases[4] ?? ""), other.id);
});

test("a double scan counts once and says so", async () => {
  const pallet = await makePallet(person, 2, 1);
  await person.go("take-off");
  const id = pallet.cases[0]?.id ?? "";
  const { sent, stop } = listenToOperations();
  // The answer to the first waits until the second was heard, or it would be what is said last.
  let answer = () => {};
  const isHeard = new Promise((resolve) => (answer = () => resolve(undefined)));
  await person.page.route("**/v1/scan", async (route) => {
    await isHeard;
    await route.continue();
  });
  const scan = [...plain(id), "Enter"];
  await person.sends([...scan, ...scan]);
  await person.hears("double", /counts once/);
  answer();
  await person.hears("ok", /1 taken/);
  await person.page.unrouteAll({ behavior: "wait" });
  stop();
  assert.equal(sent.length, 1);
});

test("feedback comes within 50 ms while the server takes two seconds", async () => {
  const pallet = await makePallet(person, 5, 1);
  await person.go("take-off");
  let answered = 0;
  await person.page.route("**/v1/**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, SLOW_MILLISECONDS));
    answered += 1;
    await route.continue();
  });
  /** @type {number[]} */
  const waited = [];
  for (const { id } of pallet.cases) {
    await person.sends([...plain(id), "Enter"]);
    // From the last key of the scan, by the clock of the page, to the colour over the screen.
    const { kind, after } = await person.page.evaluate(() => {
      const flash = document.getElementById("flash");
      const after = Number(flash?.dataset["shown"]) - Number(document.body.dataset["entered"]);
      return { kind: flash?.dataset["kind"], after };
    });
    if (answered === 0) {
      assert.equal(kind, "information");
      assert.ok(0 <= after, "the colour is that of this scan");
      waited.push(after);
    }
  }
  assert.ok(0 < waited.length, "not one scan was over before the server answered");
  // What else this machine does may hold up one of them, and is nothing of the screen's.
  const best = Math.min(...waited);
  assert.ok(best <= FEEDBACK_MILLISECONDS_MAX, `${waited.map(Math.round)} ms`);
  await person.hears("ok", /5 taken/);
  await person.page.unrouteAll({ behavior: "wait" });
});

test("twenty scans without a connection are sent once each", async () => {
  const pallet = await makePallet(person, 20, 1);
  await person.go("take-off");
  const context = person.page.context();
  await person.keepsTheShell();
  await context.setOffline(true);
  const whileOff = listenToOperations();
  for (const { id } of pallet.cases) {
    await person.sends([...plain(id), "Enter"]);
  }
  await person.page.getByText("Not sent 20").waitFor();
  assert.equal(whileOff.sent.length, 0, "nothing was asked of a server that is not there");
  whileOff.stop();
  // Nothing is lost when the page is opened again, which it is without a connection too.
  await person.page.reload();
  await person.page.getByText("Not sent 20").waitFor();
  const { sent, stop } = listenToOperations();
  await context.setOffline(false);
  await person.page.getByText(/Not sent \d/).waitFor({ state: "detached", timeout: 20_000 });
  stop();
  assert.equal(sent.length, 20);
  assert.equal(new Set(sent).size, 20);
  for (const { id } of pallet.cases) {
    const { entries } = await person.ask("GET", `/v1/objects/${encodeURIComponent(id)}/history`);
    const out = entries.filter((/** @type {any} */ one) => one.operation === "unpack" && !one.via_container);
    assert.equal(out.length, 1, `${id} was taken off ${out.length} times`);
  }
});

test("every spelling of FNC1 is understood", async () => {
  const lot = { number: "LOT7", expiry: "2030-12-31" };
  const spellings = [["Control+]"], ["F8"], ...["{GS}", "<GS>", "^]", "|", "~", ""].map((text) => [...text])];
  for (const spelling of spellings) {
    const unit = freshUnit();
    await operate(person, { type: "commission", objects: [unit], level: "unit", lot });
    await person.page.evaluate(() => location.assign("#/"));
    await person.sends([...plain(unit), ...spelling, ..."10LOT7", "Enter"]);
    await person.settled();
    const shown = (await person.page.locator(".object-head .identifier").innerText()).replaceAll(/\s/g, "");
    assert.equal(shown, unit, spelling.join(""));
  }
});

test("a scanner that swaps capital and small letters is rescued and told", async () => {
  const unit = freshUnit();
  await operate(person, {
    type: "commission",
    objects: [unit],
    level: "unit",
    lot: { number: "LOT7", expiry: "2030-12-31" },
  });
  await person.page.evaluate(() => location.assign("#/"));
  await person.scan(plain(unit).replace("aZ", "Az"));
  await person.hears("warning", /Caps Lock/);
  await person.sees(new RegExp(GTIN));
});

test("a scan into a field by accident leaves the field as it was", async () => {
  const box = await makeCase(person, 1);
  await person.go("find");
  const field = person.page.locator("main input").first();
  await field.pressSequentially("00", { delay: 120 });
  await person.scan(plain(box.id));
  assert.match(await person.page.locator("main").innerText(), new RegExp(box.id.slice(-6)));
  if ((await field.count()) > 0) {
    assert.ok(!(await field.inputValue()).includes(plain(box.id)));
  }
});
