/**
 * The warehouse screen.
 *
 * One page, plain ES modules, nothing to build and nothing loaded from elsewhere. The parts, from the outside in:
 *
 *     app.js         makes everything known to everything, once
 *     frame.js       the head of the page: where one is, who is signed in, whether the server is there, what is not sent
 *     router.js      register(name, Screen): `#/name/path?query` shows that screen; go(address)
 *     screen.js      Screen: start(), stop(), scan(text, entry), command(name), show(...nodes)
 *     dispatch.js    deliver(text): question, screen, or card of the object; double scans; command barcodes PT-...
 *     scan/          wedge.js tells a scanner from a person, scanner.js listens to every key, camera.js looks
 *     feedback.js    announce(kind, word, sentence): colour over everything, sound, sentence; acknowledge(text) before
 * the server answers
 *     dialog.js      dialog(title, make), confirm(title, consequences, go)
 *     session.js     me(), may(permission), sign in and out, lock when idle
 *     busy.js        whether the page waits
 *     api.js         request(method, path, body), Problem, newRequestId()
 *     store.js       what this device keeps, on its disk
 *     outbox.js      what was scanned without a connection; sent once each, in order, when it is back
 *     words.js       t(key, values): all text, in words/en.js and words/de.js
 *     screens/       a screen each
 *     work/          what the screens for work are made of, in desk.js: identify(), preview(), perform(), reasons, signature;
 *                    unfinished.js keeps what is under way
 *     picture/       where the parts of a tree are drawn, what changed between two moments
 *
 * A screen imports what it needs from shell.js and never reaches into another one. Rules that hold everywhere:
 *
 *   - Every flow works with a scanner alone, with the keyboard alone, and by touch.
 *     A button that a command barcode presses has `data-command`, one that a number key presses has `data-key`.
 *   - Data is never markup: elements are made with h(), and text is text.
 *   - Colour, sign, word and sound say the same thing. There are four meanings: ok, warning, stop, information.
 *   - What changes something has a request id, made before the first attempt and kept for every other.
 */

import { register, go, startRouter } from "./router.js";
import { announce } from "./feedback.js";
import { deliver, pressDigit } from "./dispatch.js";
import { startFrame } from "./frame.js";
import { listen } from "./scan/scanner.js";
import { resume } from "./session.js";
import { startOutbox } from "./outbox.js";
import { BreakScreen } from "./screens/break.js";
import { HomeScreen } from "./screens/home.js";
import { ObjectScreen } from "./screens/object.js";
import { OutboxScreen } from "./screens/outbox.js";
import { SetupScreen, SignInScreen } from "./screens/sign-in.js";
import { TakeOffScreen } from "./screens/take-off.js";
import { routes } from "./work/routes.js";
import { language, setLanguage, t } from "./words.js";

register("break", BreakScreen);
register("home", HomeScreen);
register("object", ObjectScreen);
register("outbox", OutboxScreen);
register("take-off", TakeOffScreen);
register("sign-in", SignInScreen);
register("setup", SetupScreen);
for (const [name, screen] of Object.entries(routes)) {
  register(name, screen);
}

async function start() {
  setLanguage(language());
  startFrame();
  listen({
    scan: ({ text, wasCaps }) => {
      void deliver(text);
      if (wasCaps) {
        announce("warning", t("scan.caps"), t("scan.caps_sentence"));
      }
    },
    digit: pressDigit,
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && location.hash.length > 2 && document.querySelector("dialog[open]") === null) {
      go("#/");
    }
  });
  await startOutbox();
  startRouter();
  await resume();
  await keepTheShell();
}

/** Keeps the files of the screen on the device, so that it opens without a connection. */
async function keepTheShell() {
  if (!("serviceWorker" in navigator)) {
    return;
  }
  await navigator.serviceWorker.register("/sw.js");
  const { active } = await navigator.serviceWorker.ready;
  const files = performance
    .getEntriesByType("resource")
    .map(({ name }) => name)
    .filter((name) => name.startsWith(location.origin));
  active?.postMessage(["/", ...files]);
}

void start();
