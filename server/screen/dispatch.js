/**
 * Where a scan goes: to the question that is open, to the screen that is shown, or else to the card of the object.
 *
 * The person is told at once that it arrived; what it meant is said when the server has answered.
 */

import { openDialog } from "./dialog.js";
import { acknowledge, announce } from "./feedback.js";
import { currentScreen, go, whatIsInFront } from "./router.js";
import { t } from "./words.js";

/** @typedef {import("./screen.js").Entry} Entry */

/** The same code within this time is one scan whose trigger was pulled twice. */
const DOUBLE_MILLISECONDS = 800;
/** Command barcodes begin so; a scanner set to another keyboard language sends another character for the hyphen. */
const COMMAND = /^PT[-\u00df/'?_]([A-Z0-9]+(?:[-\u00df/'?_][A-Z0-9]+)*)$/i;
/** What a command does wherever it is scanned. @type {Record<string, string>} */
const ANYWHERE = {
  home: "#/",
  "take-off": "#/take-off",
  break: "#/break",
  count: "#/reconcile",
  undo: "#/actions",
  label: "#/label",
};

let lastText = "";
let lastAt = Number.NEGATIVE_INFINITY;

/**
 * Takes what a scanner, a camera or a person entered.
 * @param {string} text
 * @param {Entry} [entry]
 */
export async function deliver(text, entry = "scan") {
  const now = performance.now();
  const isDouble = entry === "scan" && text === lastText && now - lastAt < DOUBLE_MILLISECONDS;
  lastText = text;
  lastAt = now;
  if (whatIsInFront() !== null) {
    // Nobody is signed in: nothing that is scanned may be lost without a word.
    announce("warning", t("scan.signed_out"), t("scan.signed_out_remedy"));
    return;
  }
  if (isDouble) {
    announce("double", t("scan.double"), t("scan.double_sentence"));
    return;
  }
  const command = commandOf(text);
  if (command !== null) {
    acknowledge(t(`command.${command}`));
    if (!pressCommand(command)) {
      announce("warning", t("scan.not_here"), t("scan.not_here_sentence", { command: t(`command.${command}`) }));
    }
    return;
  }
  if (openDialog() !== null) {
    announce("warning", t("scan.answer_first"), t("scan.answer_first_sentence"));
    return;
  }
  acknowledge(text);
  if ((await currentScreen()?.scan(text, entry)) !== true) {
    go(`#/object?text=${encodeURIComponent(text)}&entry=${entry}`);
  }
}

/** The command that a text is, in small letters, or null. @param {string} text */
export function commandOf(text) {
  const found = COMMAND.exec(text.trim().replace(/^\][A-Za-z]\d/, ""));
  return found === null ? null : (found[1] ?? "").toLowerCase().replace(/[^a-z0-9]/g, "-");
}

/** @param {string} command @returns {boolean} whether it meant something here */
function pressCommand(command) {
  const box = openDialog();
  if (box === null && currentScreen()?.command(command)) {
    return true;
  }
  const button = findButton(
    box ?? document,
    /^\d$/.test(command) ? `[data-key="${command}"]` : `[data-command="${command}"]`,
  );
  if (button !== null) {
    button.click();
    return true;
  }
  if (box !== null) {
    return false;
  }
  if (command === "cancel") {
    history.back();
    return true;
  }
  const address = ANYWHERE[command];
  if (address !== undefined) {
    go(address);
  }
  return address !== undefined;
}

/** Presses the action with a number, as the number keys do. @param {string} digit @returns {boolean} */
export function pressDigit(digit) {
  const button = findButton(openDialog() ?? document, `[data-key="${digit}"]`);
  button?.click();
  return button !== null;
}

/** @param {ParentNode} where @param {string} selector @returns {HTMLElement | null} */
function findButton(where, selector) {
  for (const one of where.querySelectorAll(selector)) {
    if (one instanceof HTMLElement && one.checkVisibility() && !one.hasAttribute("disabled")) {
      return one;
    }
  }
  return null;
}
