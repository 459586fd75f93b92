// Who comes in, and how: the first administrator, users, keys and the policy, the link of the demo, wrong passwords, the lock.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { visit } from "../work/person.js";
import { openEmptySite, openSite, passwordOf } from "../work/site.js";

const PASSWORD = "several plain words";

/** @type {Awaited<ReturnType<typeof openEmptySite>>} */
let empty;
/** @type {import("../work/site.js").Site} */
let demo;
/** @type {import("../work/person.js").Person} */
let ada;
/** @type {() => Promise<void>} */
let leave;

before(async () => {
  [empty, demo] = await Promise.all([openEmptySite(), openSite()]);
  ({ person: ada, leave } = await visit(empty));
});
after(async () => {
  await leave?.();
  empty?.stop();
  demo?.stop();
});

/** @param {import("../work/person.js").Person} person @param {string} name */
const isAt = (person, name) => person.page.locator(`.screen[data-name="${name}"]`).waitFor();

test("the link that the server prints makes the first administrator", async () => {
  const { page } = ada;
  await page.goto(`${empty.url}/#setup=${empty.token}`);
  await isAt(ada, "setup");
  assert.equal(await page.getByLabel("Token").inputValue(), empty.token);
  const attempt = async (/** @type {string} */ password, /** @type {string} */ again) => {
    await page.getByLabel("Name").fill("Ada");
    await page.locator("#sign-password").fill(password);
    await page.getByLabel("Password again").fill(again);
    await page.getByRole("button", { name: "Make the administrator" }).click();
  };
  await attempt("short", "short");
  await ada.hears("stop", /10 characters at least/);
  await attempt(PASSWORD, "several plain word");
  await ada.hears("stop", /differ/);
  await attempt(PASSWORD, PASSWORD);
  await isAt(ada, "home");
  await ada.hears("ok", /Ready/);
  await ada.sees(/1 Users and policy/);
  await page.reload();
  await isAt(ada, "home");
});

test("a user is made, works, and is out once disabled", async () => {
  const { page } = ada;
  await ada.go("admin");
  await page.getByText("Add a user").click();
  const save = async (/** @type {string} */ name) => {
    const form = page.locator("form", { has: page.getByLabel("Sign-in name") });
    await form.getByLabel("Sign-in name").fill(name);
    await form.getByLabel("Full name").fill("Olga Smith");
    await form.getByLabel("Operator").check();
    await form.getByLabel("First password").fill(PASSWORD);
    await form.getByRole("button", { name: "Save" }).click();
  };
  await save("olga smith");
  await ada.hears("stop", /small letters/);
  assert.equal(await page.getByLabel("Full name").last().inputValue(), "Olga Smith", "what was typed is still there");
  await save("olga");
  await ada.hears("ok", /Saved/);
  await ada.sees(/Olga Smith \(olga\).*Operator/);
  const { person: olga, leave: goHome } = await visit({ url: empty.url, user: "Olga", password: PASSWORD });
  try {
    await olga.signIn();
    await olga.sees(/1 Take off.*2 Break up.*3 Count.*4 Find/);
    await olga.go("admin");
    await olga.sees(/Only an administrator/);
    await ada.press("Disable: Olga Smith");
    await ada.hears("ok", /Saved/);
    await olga.scan("00095212345678900009");
    await isAt(olga, "sign-in");
    await olga.sees(/session has ended/);
    await olga.tryToSignIn("olga", PASSWORD);
    await olga.hears("stop", /Wrong/);
  } finally {
    await goHome();
  }
});

test("a key is shown once, lets a machine in, and no more once disabled", async () => {
  const { page } = ada;
  await ada.go("admin");
  await page.getByText("Add a key").click();
  const form = page.locator("form", { has: page.getByLabel("Short name") });
  await form.getByLabel("Short name").fill("line-3");
  await form.getByLabel("What the key is for").fill("Line 3");
  await form.getByRole("button", { name: "Save" }).click();
  const secret = /packtree_\S+/.exec(await page.getByText(/packtree_/).innerText())?.[0];
  const enter = () => fetch(`${empty.url}/v1/me`, { headers: { authorization: `Bearer ${secret}` } });
  assert.equal((await enter()).status, 200);
  await ada.go("admin");
  await ada.sees(/Line 3 \(line-3\)/);
  assert.doesNotMatch(await page.locator("main").innerText(), /packtree_/);
  await ada.press("Disable: Line 3");
  await ada.hears("ok", /Saved/);
  assert.equal((await enter()).status, 401);
});

test("the policy is shown, changed, and refused in words where it is none", async () => {
  const { page } = ada;
  await ada.go("admin");
  await page.getByText("Products, roles and everything else").click();
  const text = page.getByLabel("The whole policy");
  const policy = JSON.parse(await text.inputValue());
  for (const [question, answer] of Object.entries(policy).filter(([, value]) => typeof value === "string")) {
    assert.equal(await page.locator(`#policy-${question}`).inputValue(), answer, question);
  }
  const save = async (/** @type {string} */ value) => {
    await text.fill(value);
    await page.locator("form", { has: text }).getByRole("button", { name: "Save" }).click();
  };
  await save("{");
  await ada.hears("stop", /not valid JSON/);
  await save(JSON.stringify({ ...policy, wrong_parent: "perhaps" }));
  await ada.hears("stop", /wrong_parent|perhaps/);
  assert.match(await text.inputValue(), /perhaps/, "what was typed is still there");
  await text.fill(JSON.stringify(policy));
  await page.getByLabel(/unpacked from a container that it is not in/).selectOption("ignore");
  await save(await text.inputValue());
  await ada.hears("ok", /Saved/);
  assert.equal((await ada.ask("GET", "/v1/policy")).wrong_parent, "ignore");
});

test("the link of the demo signs in once, and says so the second time", async () => {
  const link = /http\S+\/v1\/demo\/enter\S+/.exec(demo.said)?.[0] ?? "";
  const { person, leave: goHome } = await visit(demo);
  try {
    await person.page.goto(link);
    await isAt(person, "home");
    assert.match(await person.page.locator("#head").innerText(), /Sam/);
    await person.page.context().clearCookies();
    await person.page.goto(link);
    await isAt(person, "sign-in");
    await person.sees(/used before/);
    await person.tryToSignIn(demo.user, demo.password);
    await isAt(person, "home");
  } finally {
    await goHome();
  }
});

test("too many wrong passwords are refused for a while, in the language of the person", async () => {
  const { person, leave: goHome } = await visit(demo, { language: "de" });
  try {
    await person.page.goto(demo.url);
    await isAt(person, "sign-in");
    await person.tryToSignIn("quinn", "not the password");
    await person.hears("stop", /Name oder Passwort ist falsch/);
    for (let times = 0; times < 10; times += 1) {
      const answer = person.page.waitForResponse((response) => response.url().endsWith("/v1/session"));
      await person.tryToSignIn("quinn", "not the password");
      await answer;
    }
    await person.hears("stop", /zu viele falsche Passw\u00f6rter.*in \d+ s/);
    await person.tryToSignIn("quinn", passwordOf(demo.said, "quinn") ?? "");
    await person.hears("stop", /zu viele falsche Passw\u00f6rter/);
  } finally {
    await goHome();
  }
});

test("a screen that nobody uses locks, and goes on where it was", async () => {
  const { person, leave: goHome } = await visit(demo);
  try {
    await person.page.clock.install();
    await person.signIn();
    await person.go("take-off");
    await person.page.clock.fastForward("29:00");
    await isAt(person, "take-off");
    await person.page.clock.fastForward("02:00");
    await isAt(person, "sign-in");
    await person.sees(/Locked/);
    await person.scan("00095212345678900009");
    await person.hears("warning", /nothing was recorded/);
    await person.tryToSignIn(demo.user, demo.password);
    await isAt(person, "take-off");
  } finally {
    await goHome();
  }
});

test("the pages had no error", () => assert.deepEqual(ada.errors, []));
