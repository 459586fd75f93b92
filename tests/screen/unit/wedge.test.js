// A scanner and a person at the same keyboard: every way in which scanners send FNC1, Caps Lock, ends and pauses.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PAUSE_MILLISECONDS, SCAN_PAUSE_MILLISECONDS, Wedge, isLabel } from "../../../server/screen/scan/wedge.js";

const GS = "\u001d";
const FIRST = "010952123456788221aZ9";
const REST = "10LOT7";

/** @param {string} key @param {object} [more] */
const key = (key, more = {}) => ({ key, code: "", ctrl: false, alt: false, caps: false, at: 0, ...more });
const keys = (/** @type {string} */ text, /** @type {object} */ more = {}) => [...text].map((one) => key(one, more));

/** Presses keys one after the other and answers with the scan. @param {any[]} pressed @param {number} [apart] milliseconds */
function press(pressed, apart = 3) {
  const wedge = new Wedge();
  let at = 1000;
  let scan = null;
  for (const one of pressed) {
    at += apart;
    if (one === "alt up") {
      wedge.altUp(at, false);
    } else {
      ({ scan } = wedge.down({ ...one, at }));
    }
  }
  return scan ?? wedge.pause();
}

const ENTER = key("Enter");

test("each key that stands for FNC1 becomes the separator", () => {
  const numpad = ["0", "2", "9"].map((digit) => key(digit, { code: `Numpad${digit}`, alt: true }));
  /** @type {[string, any[]][]} */
  const spellings = [
    ["the control character", [key(GS)]],
    ["Ctrl-]", [key("Control", { ctrl: true }), key("]", { ctrl: true, code: "BracketRight" })]],
    ["Ctrl-] on a German keyboard", [key("+", { ctrl: true, code: "BracketRight" })]],
    ["F8", [key("F8", { code: "F8" })]],
    ["Alt+029", [key("Alt", { alt: true }), ...numpad, "alt up"]],
  ];
  for (const [name, separator] of spellings) {
    assert.equal(press([...keys(FIRST), ...separator, ...keys(REST), ENTER])?.text, FIRST + GS + REST, name);
  }
});

test("a separator that is written out stays as it is", () => {
  for (const written of ["{GS}", "<GS>", "^]", "|", "~", ""]) {
    assert.equal(press([...keys(FIRST + written + REST), ENTER])?.text, FIRST + written + REST);
  }
  assert.equal(
    press([...keys(FIRST), key("Dead"), ...keys(`]${REST}`), ENTER])?.text,
    `${FIRST}^]${REST}`,
    "a ^ that waits",
  );
});

test("Caps Lock is undone and told", () => {
  const swapped = [...FIRST].map((one) => (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase())).join("");
  assert.deepEqual(press([...keys(swapped, { caps: true }), ENTER]), { text: FIRST, wasCaps: true });
  assert.deepEqual(press([...keys("00095212345678900009", { caps: true }), ENTER]), {
    text: "00095212345678900009",
    wasCaps: false,
  });
});

test("a scan ends with Enter, Tab, Ctrl-M, Ctrl-J or a pause", () => {
  for (const end of [ENTER, key("Tab"), key("m", { ctrl: true }), key("j", { ctrl: true })]) {
    assert.equal(press([...keys("PT-1"), end])?.text, "PT-1", end.key);
  }
  assert.equal(press(keys("PT-CONFIRM"))?.text, "PT-CONFIRM");
  assert.equal(press(keys("PT-1")), null, "too short to end with a pause");
});

test("a person who types is no scanner", () => {
  assert.equal(press([...keys("00095212345678900009"), ENTER], 90), null);
  assert.equal(press([...keys("00095212345678900009"), ENTER], 45), null);
  assert.equal(press([ENTER]), null);
});

test("after a pause the next key begins a new scan", () => {
  const wedge = new Wedge();
  assert.ok(wedge.down({ ...key("7"), at: 0 }).begins);
  assert.ok(wedge.down({ ...key("0"), at: PAUSE_MILLISECONDS + 1 }).begins);
  assert.ok(!wedge.down({ ...key("0"), at: PAUSE_MILLISECONDS + 4 }).begins);
  assert.equal(wedge.text, "00");
});

test("a key that a busy device hands over late belongs to the scan", () => {
  const wedge = new Wedge();
  const late = SCAN_PAUSE_MILLISECONDS - 1;
  keys(FIRST).forEach((one, index) => wedge.down({ ...one, at: index * 3 }));
  keys(REST).forEach((one, index) => wedge.down({ ...one, at: late + (FIRST.length + index) * 3 - 3 }));
  assert.equal(wedge.down({ ...ENTER, at: 2 * late }).scan?.text, FIRST + REST);
});

test("what is longer than any symbol does not grow without end", () => {
  const wedge = new Wedge();
  for (let at = 0; at < 5000; at += 1) {
    wedge.down({ ...key("a"), at });
  }
  assert.ok(wedge.text.length <= 500);
});

test("a label is told from a password", () => {
  for (const label of ["00095212345678900009", "(00)095212345678900009", "]d2010952123456788221aZ9", `${FIRST}x`, "PT-CONFIRM"]) {
    assert.ok(isLabel(label), label);
  }
  for (const password of ["several plain words", "0123456789", "00 is fine", "8c1f-77aa-90d2", "pt cruiser"]) {
    assert.ok(!isLabel(password), password);
  }
});
