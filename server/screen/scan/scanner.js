/**
 * Listens to every key of the page, so that a scan needs no field and no focus.
 *
 * What a scanner types into a field by accident is taken out of it again. What a person types stays, and a single digit
 * presses the action with that
 * number. A field for a password is left alone.
 */

import { Wedge } from "./wedge.js";

/** @typedef {import("./wedge.js").Scan} Scan */

/**
 * @typedef {object} Hearers
 * @property {(scan: Scan) => void} scan
 * @property {(digit: string) => boolean} digit a person pressed a digit outside every field; answers whether it did something
 */

/** @typedef {{field: HTMLInputElement | HTMLTextAreaElement, value: string}} Before */

/** @param {Hearers} hearers */
export function listen(hearers) {
  const wedge = new Wedge();
  /** The field in which the keys land, as it was before them. @type {Before | null} */
  let before = null;
  /** @type {number | undefined} */
  let timer;

  /** @param {Scan | null} scan */
  const complete = (scan) => {
    window.clearTimeout(timer);
    if (scan !== null) {
      restore(before);
      hearers.scan(scan);
    }
    before = null;
  };
  const wait = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      const typed = wedge.text;
      const scan = wedge.pause();
      if (scan === null && before === null && /^[1-9]$/.test(typed)) {
        hearers.digit(typed);
      }
      complete(scan);
    }, wedge.patience());
  };

  window.addEventListener(
    "keydown",
    (event) => {
      if (
        event.isComposing ||
        event.key === undefined ||
        event.metaKey ||
        isSecret(event.target) ||
        (event.repeat && event.key.length !== 1)
      ) {
        return;
      }
      const heard = wedge.down(keyOf(event));
      if (heard.begins) {
        before = fieldOf(event.target);
      }
      if (heard.taken || heard.scan !== null) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
      if (heard.scan !== null) {
        complete(heard.scan);
      } else if (wedge.text === "") {
        complete(null);
      } else {
        // Outside a field a key of a scan must not do what it does for a person: / searches, the space bar scrolls and presses.
        if (before === null && wedge.isFast() && event.key.length === 1) {
          event.preventDefault();
        }
        wait();
      }
    },
    { capture: true },
  );
  window.addEventListener(
    "keyup",
    (event) => {
      if (event.key === "Alt" && wedge.altDigits !== "") {
        event.preventDefault();
        if (wedge.altUp(event.timeStamp, event.getModifierState("CapsLock"))) {
          before = fieldOf(event.target);
        }
        wait();
      }
    },
    { capture: true },
  );
}

/** @param {KeyboardEvent} event */
function keyOf(event) {
  return {
    key: event.key,
    code: event.code,
    ctrl: event.ctrlKey,
    alt: event.altKey,
    caps: event.getModifierState("CapsLock"),
    at: event.timeStamp,
  };
}

/** @param {EventTarget | null} target */
function isSecret(target) {
  return target instanceof HTMLInputElement && target.type === "password";
}

/** @param {EventTarget | null} target @returns {Before | null} */
function fieldOf(target) {
  const isField =
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type));
  return isField ? { field: target, value: target.value } : null;
}

/** @param {Before | null} before */
function restore(before) {
  if (before !== null) {
    before.field.value = before.value;
    before.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
