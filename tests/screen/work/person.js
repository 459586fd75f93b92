// A person at the screen: with a scanner that types, and with hands.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";

import { chromium } from "playwright-core";

import { openSite } from "./site.js";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Two scans of the same code within less than this are one. */
const DOUBLE_MILLISECONDS = 850;
/** How long somebody waits for what must come, and how often they look. */
const PATIENCE_MILLISECONDS = 10_000;
const LOOK_MILLISECONDS = 50;

/** From one key of a scanner to the next. */
const KEY_SECONDS = 0.004;
/** The keys that are no character. @type {Record<string, {key: string, code: string, text?: string, modifiers?: number, windowsVirtualKeyCode: number}>} */
const SPECIAL = {
  Enter: { key: "Enter", code: "Enter", text: "\r", windowsVirtualKeyCode: 13 },
  F8: { key: "F8", code: "F8", windowsVirtualKeyCode: 119 },
  "Control+]": { key: "]", code: "BracketRight", modifiers: 2, windowsVirtualKeyCode: 221 },
};

/** @typedef {{width: number, height: number}} Size */

export class Person {
  /**
   * @param {import("playwright-core").Page} page
   * @param {{url: string, user?: string, password?: string, said?: string}} site
   */
  constructor(page, site) {
    this.page = page;
    this.site = site;
    /** What went wrong in the page. @type {string[]} */
    this.errors = [];
    /** What the page has asked and not heard yet; the live feed goes on. @type {Set<import("playwright-core").Request>} */
    this.asked = new Set();
    this.takes(page);
  }

  /** @param {import("playwright-core").Page} page */
  takes(page) {
    this.page = page;
    /** How the scanner is connected. @type {import("playwright-core").CDPSession | undefined} */
    this.line = undefined;
    this.asked.clear();
    page.on("request", (request) => {
      if (!request.url().includes("/v1/feed")) {
        this.asked.add(request);
      }
    });
    page.on("requestfinished", (request) => this.asked.delete(request));
    page.on("requestfailed", (request) => this.asked.delete(request));
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes("the server responded with a status of")) {
        this.errors.push(message.text());
      }
    });
  }

  async signIn() {
    await this.page.goto(this.site.url);
    await this.page.locator(".screen").first().waitFor();
    if (await this.page.locator("#sign-password").isVisible()) {
      await this.tryToSignIn(this.site.user ?? "", this.site.password ?? "");
      await this.page.locator('.screen[data-name="home"]').waitFor();
    }
  }

  /** @param {string} user @param {string} password */
  async tryToSignIn(user, password) {
    await this.page.locator("#sign-user").fill(user);
    await this.page.locator("#sign-password").fill(password);
    await this.page.locator("#sign-password").press("Enter");
  }

  /** Closes the page and opens another one in the same browser, at the address or at home. @param {string} [address] */
  async opensAgain(address = "") {
    const context = this.page.context();
    await this.page.close();
    this.takes(await context.newPage());
    await this.page.goto(`${this.site.url}/${address}`);
    await this.page.locator(".screen").first().waitFor();
    await this.settled();
  }

  /** Goes to a screen, by way of home: as somebody who begins. @param {string} address such as `rework/swap` */
  async go(address) {
    const name = /^[a-z-]+/.exec(address)?.[0];
    await this.page.evaluate(async (to) => {
      for (const hash of ["#/", to]) {
        if (hash === location.hash) {
          continue;
        }
        const arrived = new Promise((resolve) => window.addEventListener("hashchange", resolve, { once: true }));
        location.hash = hash;
        await arrived;
      }
    }, `#/${address}`);
    await this.page.locator(`.screen[data-name="${name}"] h1`).waitFor();
    await this.settled();
  }

  /** Nobody touches the screen for longer than it stays open. The clock of the page has to be installed. */
  async waitsForTheLock() {
    await this.page.clock.fastForward("31:00");
    await this.page.locator('.screen[data-name="sign-in"]').waitFor();
  }

  /** Waits until the device has the files that the screen opens with when there is no connection. */
  async keepsTheShell() {
    await this.page.waitForFunction(async () => {
      const kept = await caches.open("packtree-screen");
      const needed = ["/", "/app.js", "/screens/take-off.js", "/words/de/said.js", "/work.css"];
      const found = await Promise.all(needed.map((file) => kept.match(file)));
      return navigator.serviceWorker.controller !== null && found.every((file) => file !== undefined);
    });
  }

  /** Pulls the trigger. @param {string} text */
  async scan(text) {
    await this.sends([...text, "Enter"]);
    await this.settled();
  }

  /**
   * Sends the keys of a scan in one go, each with the time at which a scanner would have sent it, however busy the machine is.
   * @param {string[]} keys
   */
  async sends(keys) {
    this.line ??= await this.page.context().newCDPSession(this.page);
    const line = this.line;
    const first = Date.now() / 1000 - keys.length * KEY_SECONDS;
    await Promise.all(
      keys.flatMap((key, index) => {
        const timestamp = first + index * KEY_SECONDS;
        const { text = "", ...named } = SPECIAL[key] ?? { key, text: key };
        return [
          line.send("Input.dispatchKeyEvent", { type: text === "" ? "rawKeyDown" : "keyDown", ...named, text, timestamp }),
          line.send("Input.dispatchKeyEvent", { type: "keyUp", ...named, timestamp }),
        ];
      }),
    );
  }

  /** Scans each once. @param {string[]} texts */
  async scanAll(texts) {
    for (const text of texts) {
      await this.scan(text);
    }
  }

  /** Waits until the page has heard from the server and from its disk, and asks nothing more. */
  async settled() {
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    do {
      await this.page.waitForFunction(() => document.querySelector("main")?.ariaBusy !== "true");
      const [open] = this.asked;
      if (open === undefined) {
        return;
      }
      // A picture, or what was just begun.
      await open.response().then((response) => response?.finished()).catch(() => null);
    } while (Date.now() < deadline);
  }

  /** Holds a button down until it acts. @param {import("playwright-core").Locator} button */
  async holds(button) {
    await button.hover();
    await this.page.mouse.down();
    await this.page.locator(".is-held-down").waitFor();
    await this.page.locator(".is-held-down").waitFor({ state: "detached" });
    await this.page.mouse.up();
    await this.settled();
  }

  /** @param {string} text the words on the button */
  async press(text) {
    const front = (await this.page.locator("dialog[open]").count()) > 0 ? this.page.locator("dialog[open]") : this.page;
    await front.getByRole("button", { name: text, exact: true }).first().click();
    await this.settled();
  }

  /** Chooses a reason, a fate or another tile. @param {string} text */
  async choose(text) {
    await this.page.locator(".tile", { hasText: text }).last().click();
    await this.settled();
  }

  async sign() {
    await this.page.locator("dialog[open] input[type=password]").fill(this.site.password);
    await this.page.keyboard.press("Enter");
    await this.settled();
  }

  /** What was said last: how grave it is, and the words. */
  async heard() {
    const message = this.page.locator("#message");
    return { kind: await message.getAttribute("data-kind"), words: (await message.textContent()) ?? "" };
  }

  /** @param {"ok" | "warning" | "stop" | "double"} kind @param {RegExp} words */
  async hears(kind, words) {
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    let heard = await this.heard();
    while (Date.now() < deadline && !(heard.kind === kind && words.test(heard.words))) {
      await this.page.waitForTimeout(LOOK_MILLISECONDS);
      heard = await this.heard();
    }
    assert.equal(heard.kind, kind, heard.words);
    assert.match(heard.words, words);
  }

  /** @param {RegExp} words */
  async sees(words) {
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    const look = async () => (await this.page.locator("main").innerText()).replaceAll("\n", " ");
    let seen = await look();
    while (Date.now() < deadline && !words.test(seen)) {
      await this.page.waitForTimeout(LOOK_MILLISECONDS);
      seen = await look();
    }
    assert.match(seen, words);
  }

  /** Long enough that the same code is no double scan. */
  async pause() {
    await this.page.waitForTimeout(DOUBLE_MILLISECONDS);
  }

  /**
   * Asks the server as the page does, with its session.
   * @param {"GET" | "POST"} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  ask(method, path, body) {
    return this.page.evaluate(async ([method, path, body]) => {
      const address = "/shell.js";
      const { request } = await import(address);
      return request(method, path, body);
    }, /** @type {[string, string, unknown]} */ ([method, path, body]));
  }

  /** @param {string} id @returns {Promise<any>} what the server knows about an object */
  inspect(id) {
    return this.ask("GET", `/v1/objects/${encodeURIComponent(id)}`);
  }
}

/**
 * A person with a browser of their own, who has not opened anything yet.
 * @param {{url: string, user?: string, password?: string}} site
 * @param {{size?: Size, language?: "en" | "de"}} [how]
 */
export async function visit(site, how = {}) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  const context = await browser.newContext({
    viewport: how.size ?? { width: 480, height: 800 },
    locale: how.language ?? "en",
  });
  return { person: new Person(await context.newPage(), site), leave: () => browser.close() };
}

/**
 * A person with a browser that keeps what it knows in a folder, and how it is killed without a chance to save anything.
 * @param {{url: string, user?: string, password?: string}} site
 * @param {string} profile
 */
export async function visitWithProfile(site, profile) {
  const browser = spawn(CHROMIUM, [...ARGUMENTS, `--user-data-dir=${profile}`, "--remote-debugging-port=0", "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
    // A group of its own, because a browser is many processes.
    detached: true,
  });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    browser.stderr.setEncoding("utf8").on("data", (part) => {
      said += part;
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found !== null) {
        resolve(found[1]);
      }
    });
    browser.on("exit", (code) => reject(new Error(`the browser ended with ${code}:\n${said}`)));
  });
  const connected = await chromium.connectOverCDP(address);
  const [context] = connected.contexts();
  const page = context === undefined ? await connected.newPage() : await context.newPage();
  const kill = async () => {
    const ended = once(browser, "close");
    process.kill(-(browser.pid ?? 0), "SIGKILL");
    await ended;
  };
  return { person: new Person(page, site), kill };
}

/**
 * A person who is signed in at a site, and how both go home again.
 * @param {{size?: Size, language?: "en" | "de"}} [how]
 */
export async function arrive(how = {}) {
  const site = await openSite();
  const { person, leave: goHome } = await visit(site, how);
  const leave = async () => {
    await goHome();
    site.stop();
  };
  try {
    await person.signIn();
  } catch (error) {
    await leave();
    throw error;
  }
  return { person, leave };
}
