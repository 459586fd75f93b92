/**
 * Feedback at once: a colour over the whole screen with a sign and one huge word, a sound, and a sentence that stays.
 *
 * Whoever stands two metres away sees the colour and the word, whoever looks away hears the sound, and whoever cannot
 * see hears the sentence.
 */

import { openDialog } from "./dialog.js";
import { h } from "./element.js";
import { play } from "./sound.js";
import { t } from "./words.js";

/**
 * What a message means. `double` is a warning with a sound of its own.
 * @typedef {"ok" | "warning" | "stop" | "information" | "double"} Kind
 */

/** How long the colour stays, in milliseconds. What went wrong stays longer, because it has to be read. */
const SHOWN = { information: 250, ok: 650, double: 900, warning: 1300, stop: 1800 };
/** How long the sentence stays. */
const SENTENCE = { information: 4000, ok: 6000, double: 6000, warning: 15_000, stop: 60_000 };

const SIGNS = { information: "\u2026", ok: "\u2713", double: "2\u00d7", warning: "!", stop: "\u2715" };

/** @type {number | undefined} */
let flashEnds;
/** @type {number | undefined} */
let sentenceEnds;

/** @param {string} id */
function byId(id) {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}

/**
 * Says how something went.
 * @param {Kind} kind
 * @param {string} word one word, huge
 * @param {string} [sentence] what stays below the head of the page
 */
export function announce(kind, word, sentence = "") {
  flash(kind, word);
  play(kind);
  say(kind, word, sentence);
}

/** Shows at once that a scan arrived; what it meant follows when the server has answered. @param {string} text */
export function acknowledge(text) {
  flash("information", t("scan.read"));
  play("information");
  const message = byId("message");
  if (message.dataset["kind"] === "information" || message.hidden) {
    say("information", t("scan.read"), text);
  }
}

/** @param {Kind} kind @param {string} word */
function flash(kind, word) {
  const cover = byId("flash");
  cover.className = `is-${kind === "double" ? "warning" : kind}`;
  cover.dataset["kind"] = kind;
  cover.dataset["shown"] = String(performance.now());
  cover.replaceChildren(h("span", { class: "flash-sign" }, SIGNS[kind]), h("span", { class: "flash-word" }, word));
  cover.hidden = false;
  // Whatever was opened last lies on top, and this belongs above a question. Browsers before 2023 have it below.
  cover.hidePopover?.();
  cover.showPopover?.();
  window.clearTimeout(flashEnds);
  flashEnds = window.setTimeout(() => {
    cover.hidden = true;
    cover.hidePopover?.();
  }, SHOWN[kind]);
}

/** @param {Kind} kind @param {string} word @param {string} sentence */
function say(kind, word, sentence) {
  const message = byId("message");
  const name = kind === "double" ? "warning" : kind;
  message.className = `message is-${name}`;
  message.dataset["kind"] = kind;
  message.replaceChildren(
    h("span", { class: "message-sign", "aria-hidden": "true" }, SIGNS[kind]),
    h("p", {}, h("strong", {}, word), " ", sentence),
    h("button", { type: "button", class: "message-close", "aria-label": t("message.close"), onclick: hush }, "\u2715"),
  );
  message.hidden = false;
  // Behind a question nobody reads it.
  const line = openDialog()?.querySelector(".dialog-said");
  if (line instanceof HTMLElement && (name === "stop" || name === "warning")) {
    line.className = `dialog-said note is-${name}`;
    line.textContent = `${SIGNS[kind]} ${word}. ${sentence}`;
    line.hidden = false;
  }
  // What is wrong interrupts the voice, what is well waits for its turn.
  const voice = byId(name === "stop" || name === "warning" ? "alert" : "status");
  voice.textContent = `${word}. ${sentence}`;
  window.clearTimeout(sentenceEnds);
  sentenceEnds = window.setTimeout(hush, SENTENCE[kind]);
}

/** Takes the sentence away. */
export function hush() {
  byId("message").hidden = true;
}
