// A site to work at: the demo of the server that was built, or one that runs already.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const BINARY = fileURLToPath(new URL("../../../target/debug/packtree", import.meta.url));
const START_MILLISECONDS = 60_000;

/**
 * Starts the demo and answers where it is and who may come in. With PACKTREE_URL it is the site that runs there, with
 * PACKTREE_USER and PACKTREE_PASSWORD.
 * @returns {Promise<{url: string, user: string, password: string, stop: () => void}>}
 */
export async function openSite() {
  const running = process.env["PACKTREE_URL"];
  if (running !== undefined) {
    const { PACKTREE_USER: user = "sam", PACKTREE_PASSWORD: password = "" } = process.env;
    return { url: running, user, password, stop: () => undefined };
  }
  const command = process.env["PACKTREE_BINARY"] ?? BINARY;
  const server = spawn(command, ["demo", "--port", "0", "--for", "30m"], { stdio: ["ignore", "pipe", "inherit"] });
  const said = await new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => reject(new Error(`the demo did not start in time:\n${text}`)), START_MILLISECONDS);
    server.stdout.setEncoding("utf8").on("data", (part) => {
      text += part;
      if (text.includes("Ctrl-C")) {
        clearTimeout(late);
        resolve(text);
      }
    });
    server.on("error", reject);
    server.on("exit", (code) => reject(new Error(`the demo ended with ${code}:\n${text}`)));
  });
  const url = /(http:\/\/[^\s/]+)\/v1\/demo\/enter/.exec(said)?.[1];
  const password = /^\s*sam\s+supervisor\s+(\S+)/m.exec(said)?.[1];
  if (url === undefined || password === undefined) {
    server.kill();
    throw new Error(`the demo does not say where it is and who may come in:\n${said}`);
  }
  return { url, user: "sam", password, stop: () => server.kill() };
}
