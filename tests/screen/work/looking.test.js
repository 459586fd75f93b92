// Looking and not changing: find, what a supervisor looks after, the live feed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { arrive } from "./person.js";
import { GTIN, makeCase, makeEmpty, makeLoose, makePallet, operate } from "./world.js";

/** @type {import("./person.js").Person} */
let person;
/** @type {() => Promise<void>} */
let leave;

before(async () => ({ person, leave } = await arrive()));
after(() => leave());

test("home waits for a scan, which opens the card of what was scanned, with four actions at most", async () => {
  const pallet = await makePallet(person, 2, 2);
  await person.page.goto(person.site.url);
  await person.page.locator('.screen[data-name="home"]').waitFor();
  assert.equal(await person.page.locator("main input:visible").count(), 0, "nothing has to be focused");
  await person.scan(pallet.id);
  await person.page.locator('.screen[data-name="object"]').waitFor();
  await person.sees(new RegExp(`Pallet.*${pallet.id.slice(-6)}.*2 in it.*4 units`));
  const keys = await person.page.locator("main [data-key]").evaluateAll((all) => all.map((one) => one.dataset["key"]));
  assert.deepEqual(keys, ["1", "2", "3", "4"]);
});

test("find says where a container is and what is in it", async () => {
  const pallet = await makePallet(person, 1, 3);
  const box = pallet.cases[0];
  await person.go("find");
  await person.scan(box?.id ?? "");
  await person.sees(new RegExp(`Where it is.*pallet.*${pallet.id.slice(-6)}.*case.*${box?.id.slice(-6)}.*3 in it`));
});

test("find says how a lot stands, from a code that names the lot", async () => {
  const box = await makeCase(person, 3);
  await person.go("find");
  await person.scan(`01${GTIN}10${box.lot}`);
  await person.page.locator('.screen[data-name="lot"]').waitFor();
  await person.sees(new RegExp(`Lot ${box.lot}.*This lot is free.*3`));
});

test("what a supervisor looks after: broken, partial, open, without container, lots on hold, waiting", async () => {
  const [broken, held, open] = [await makeCase(person, 2), await makeCase(person, 1), await makeEmpty(person, "case")];
  const [orphan = ""] = await makeLoose(person, 1, "S1");
  await operate(person, { type: "unpack", children: broken.units.slice(0, 1) });
  await operate(person, { type: "hold", lot: { gtin: GTIN, number: held.lot } }, "to be seen");
  await person.go("supervisor");
  const card = (/** @type {string} */ title) =>
    person.page.locator(".card", { has: person.page.locator("h2", { hasText: title }) });
  for (const [title, what] of [
    ["Broken", broken.id],
    ["Open", open],
    ["Without container", orphan],
    ["Lots on hold", held.lot],
  ]) {
    const one = card(title ?? "");
    const more = one.getByRole("button", { name: /Show more/ });
    if ((await more.count()) > 0) {
      await more.click();
    }
    const text = (await one.innerText()).replaceAll(/\s/g, "");
    assert.ok(text.includes(what ?? "?"), `${title} has no ${what}: ${text}`);
  }
  for (const title of ["Partial", "Waiting"]) {
    assert.equal(await card(title).count(), 1, title);
  }
});

test("the live page shows a fact once it is durable", async () => {
  await person.go("feed");
  await person.sees(/connected/);
  const box = await makeCase(person, 1);
  await person.sees(new RegExp(box.id.slice(-6)));
});

test("the page had no error", () => assert.deepEqual(person.errors, []));
