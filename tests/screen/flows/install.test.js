// The screen as an app: what a browser needs to install it, and that it opens without a connection.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { arrive } from "../work/person.js";

/** @type {import("../work/person.js").Person} */
let person;
/** @type {() => Promise<void>} */
let leave;

before(async () => ({ person, leave } = await arrive()));
after(() => leave());

test("the browser finds nothing that stands against installing it", async () => {
  await person.keepsTheShell();
  const browser = await person.page.context().newCDPSession(person.page);
  const { errors, data = "" } = await browser.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.equal(manifest.display, "standalone");
  for (const { src, sizes } of manifest.icons) {
    const [width, height] = await person.page.evaluate(async (src) => {
      const icon = new Image();
      icon.src = src;
      await icon.decode();
      return [icon.naturalWidth, icon.naturalHeight];
    }, src);
    assert.ok(0 < width && width === height, `${src} is ${width} x ${height}`);
    assert.ok(sizes === "any" || sizes === `${width}x${height}`, `${src} is ${width} and said to be ${sizes}`);
  }
  const { installabilityErrors } = await browser.send("Page.getInstallabilityErrors");
  // A context of its own, as tests have, is never installed into.
  const real = installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito");
  assert.deepEqual(real, []);
});

test("it opens without a connection, with the person who works there, and says what goes on", async () => {
  const { page } = person;
  await page.context().setOffline(true);
  await page.reload();
  await page.locator('.screen[data-name="home"]').waitFor();
  assert.match(await page.locator("#head").innerText(), /No connection.*Sam/s);
  await person.go("rework/swap");
  await person.scan("00095212345678900009");
  await person.hears("stop", /needs the server/);
  await page.context().setOffline(false);
  await person.hears("ok", /Connected/);
});

test("the page had no error", () =>
  assert.deepEqual(
    person.errors.filter((error) => !error.includes("ERR_INTERNET_DISCONNECTED")),
    [],
  ));
