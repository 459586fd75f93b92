// A site to work at: the demo of the server that was built, one that runs already, or an empty one.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BINARY = fileURLToPath(new URL("../../../target/debug/packtree", import.meta.url));
const START_MILLISECONDS = 60_000;

/**
 * Where a site is, who may come in, and everything that it said when it started.
 * @typedef {{url: string, user: string, password: string, said: string, stop: () => void}} Site
 */

/**
 * Starts the demo. With PACKTREE_URL it is the site that runs there, with PACKTREE_USER and PACKTREE_PASSWORD.
 * @returns {Promise<Site>}
 */
export async function openSite() {
  const running = process.env["PACKTREE_URL"];
  if (running !== undefined) {
    const { PACKTREE_USER: user = "sam", PACKTREE_PASSWORD: password = "" } = process.env;
    return { url: running, user, password, said: "", stop: () => undefined };
  }
  const { said, server } = await start(["demo", "--port", "0", "--for", "30m"], "Ctrl-C");
  const stop = () => server.kill();
  const url = /(http:\/\/[^\s/]+)\/v1\/demo\/enter/.exec(said)?.[1];
  const password = passwordOf(said, "sam");
  if (url === undefined || password === undefined) {
    stop();
    throw new Error(`the demo does not say where it is and who may come in:\n${said}`);
  }
  return { url, user: "sam", password, said, stop };
}

/** What the demo gave somebody to sign in with. @param {string} said @param {string} user */
export function passwordOf(said, user) {
  return new RegExp(`^\\s*${user}\\s+\\w+\\s+(\\S+)`, "m").exec(said)?.[1];
}

/**
 * Starts a server with nothing in it, and nobody.
 * @param {Record<string, string>} [settings] variables of the environment
 * @returns {Promise<{url: string, token: string, stop: () => void}>} with what the first administrator shows
 */
export async function openEmptySite(settings = {}) {
  const data = mkdtempSync(join(tmpdir(), "packtree-screen-"));
  const { said, server } = await start(["serve", data, "--listen", "127.0.0.1:0"], "first-administrator", settings);
  const url = /Make one at (http:\/\/[^\s/]+)\/#setup/.exec(said)?.[1];
  const stop = () => {
    server.once("exit", () => rmSync(data, { recursive: true, force: true }));
    server.kill();
  };
  if (url === undefined) {
    stop();
    throw new Error(`the server does not say where the first administrator is made:\n${said}`);
  }
  return { url, token: readFileSync(join(data, "server", "first-administrator"), "utf8").trim(), stop };
}

/**
 * Starts the program and waits until it has said what is waited for.
 * @param {string[]} words
 * @param {string} until
 * @param {Record<string, string>} [settings]
 * @returns {Promise<{said: string, server: import("node:child_process").ChildProcess}>}
 */
async function start(words, until, settings = {}) {
  const server = spawn(process.env["PACKTREE_BINARY"] ?? BINARY, words, {
    env: { ...process.env, PACKTREE_LOG_LEVEL: "error", ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = await new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => reject(new Error(`it did not start in time:\n${text}`)), START_MILLISECONDS);
    server.stdout.setEncoding("utf8").on("data", (part) => {
      text += part;
      if (text.includes(until)) {
        clearTimeout(late);
        resolve(text);
      }
    });
    server.on("error", reject);
    server.on("exit", (code) => reject(new Error(`it ended with ${code}:\n${text}`)));
  });
  return { said, server };
}
