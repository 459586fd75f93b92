// Printing a label on a printer of the site, which is a port that takes ZPL.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, before, test } from "node:test";

import { visit } from "../work/person.js";
import { openEmptySite } from "../work/site.js";
import { makeCase } from "../work/world.js";

const PASSWORD = "several plain words";

let printed = "";
const printer = createServer((line) => {
  line.setEncoding("ascii").on("data", (part) => {
    printed += part;
  });
});
/** @type {Awaited<ReturnType<typeof openEmptySite>>} */
let site;
/** @type {import("../work/person.js").Person} */
let person;
/** @type {() => Promise<void>} */
let leave;
let name = "";

before(async () => {
  await new Promise((resolve) => {
    printer.listen(0, "127.0.0.1", () => resolve(undefined));
  });
  const address = printer.address();
  name = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  site = await openEmptySite({ PACKTREE_PRINTERS: name });
  ({ person, leave } = await visit({ url: site.url, user: "sam", password: PASSWORD }));
  await person.page.goto(site.url);
  await person.page.locator(".screen").first().waitFor();
  // An administrator makes nobody else's work, so that somebody has to be made for it.
  const { csrf } = await person.ask("POST", "/v1/setup", { token: site.token, user: "ada", password: PASSWORD });
  await person.page.evaluate(
    async ([csrf, password]) => {
      const body = JSON.stringify({ user: "sam", name: "Sam", roles: ["supervisor"], scopes: [], password });
      const headers = { "content-type": "application/json", "x-packtree-csrf": csrf ?? "" };
      await fetch("/v1/users", { method: "POST", headers, body });
    },
    [csrf, PASSWORD],
  );
  await person.page.context().clearCookies();
  await person.signIn();
});
after(async () => {
  await leave?.();
  site?.stop();
  printer.close();
});

test("a label is printed on the printer of the site, and the one that is off is said to be", async () => {
  const box = await makeCase(person, 2);
  await person.go(`label?id=${encodeURIComponent(box.id)}`);
  await person.press(`Print on ${name}`);
  await person.hears("ok", /Printed/);
  assert.match(printed, /^\^XA[^]*\^XZ\s*$/);
  assert.ok(printed.includes(box.id.slice(4)), printed);
  await new Promise((resolve) => printer.close(resolve));
  await person.scan("PT-CONFIRM");
  await person.hears("stop", /did not take the label/);
});

test("the label has both sizes, its symbols, and the ZPL that a printer takes", async () => {
  const box = await makeCase(person, 2);
  await person.go(`label?id=${encodeURIComponent(box.id)}`);
  const preview = person.page.locator(".label-preview");
  for (const [size, millimetres] of /** @type {const} */ ([
    ["A6", [105, 148]],
    ["4 x 6", [101.6, 152.4]],
  ])) {
    await person.page.getByLabel(new RegExp(size)).check();
    await person.settled();
    const drawn = await person.page.evaluate(async (src) => (await fetch(src)).text(), (await preview.getAttribute("src")) ?? "");
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawn) ?? [];
    assert.deepEqual([Number(width), Number(height)], millimetres, size);
    assert.ok(drawn.includes(box.id), "what the GS1-128 symbol says is printed below it");
    const link = await person.page.getByRole("link", { name: "ZPL for the printer" }).getAttribute("href");
    const zpl = await person.page.evaluate(async (href) => (await fetch(href)).text(), link ?? "");
    assert.match(zpl, /^\^XA[^]*\^BC[^]*\^XZ\s*$/, size);
    assert.ok(zpl.includes(`>;>8${box.id.replace(/[()]/g, "")}`), `${size}: the SSCC as GS1-128`);
    assert.match(zpl, /\^BX[^]*_1/, `${size}: what is in it as GS1 DataMatrix`);
  }
});

test("every command of the sheet presses what is in front, or leads where it says", async () => {
  await person.go("commands");
  const sheet = person.page.locator("img.sheet");
  assert.ok(await sheet.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth > 0));
  const drawn = await person.page.evaluate(async (src) => (await fetch(src)).text(), (await sheet.getAttribute("src")) ?? "");
  const commands = [...new Set(drawn.match(/PT-[A-Z0-9-]+/g))];
  assert.ok(10 < commands.length, commands.join());
  for (const [command, name] of [
    ["PT-TAKE-OFF", "take-off"],
    ["PT-BREAK", "break"],
    ["PT-COUNT", "reconcile"],
    ["PT-LABEL", "label"],
    ["PT-UNDO", "actions"],
    ["PT-HOME", "home"],
    ["PT-1", "take-off"],
  ]) {
    assert.ok(commands.includes(command ?? ""), `${command} is not on the sheet`);
    await person.scan(command ?? "");
    await person.page.locator(`.screen[data-name="${name}"]`).waitFor();
  }
  const box = await makeCase(person, 1);
  for (const command of commands.filter((one) => /HOLD|RELEASE|CLOSE|REOPEN|SHIP|RECEIVE/.test(one))) {
    await person.go(`object?id=${encodeURIComponent(box.id)}`);
    const name = command.slice(3).toLowerCase();
    const isOffered = (await person.page.locator(`main [data-command="${name}"]`).count()) > 0;
    await person.page.locator("main details summary").first().click();
    await person.scan(command);
    if (isOffered) {
      await person.page.locator('.screen[data-name="do"]').waitFor();
    } else {
      await person.hears("warning", /does nothing on this screen/);
    }
  }
});

test("the page had no error", () => assert.deepEqual(person.errors, []));
