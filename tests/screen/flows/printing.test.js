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

test("the page had no error", () => assert.deepEqual(person.errors, []));
