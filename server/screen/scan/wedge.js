/**
 * Tells the keys of a keyboard-wedge scanner from the keys of a person, and puts the scan together.
 *
 * A scanner is a keyboard that types very fast. Its code ends with Enter or Tab, or with a pause. The separator FNC1 has
 * no key, so that scanners
 * send it as Ctrl-], F8, Alt with 029 on the number pad, as the control character itself, or written out (`{GS}`,
 * `<GS>`, `^]`, `|`, `~`). Those with
 * a key are made the control character GS here; those written out stay as they are, because only the server knows which
 * characters a serial has.
 *
 * Pure: keys with their times in, scans out. Whoever owns the timer calls `pause` when no key came for `patience`.
 */

/** Without a key for so long, a person has ended. */
export const PAUSE_MILLISECONDS = 100;
/** As long for a scan, because a busy device hands over some keys late, and half a scan is another code. */
export const SCAN_PAUSE_MILLISECONDS = 250;
/** No person types on average faster than this; scanners need 1 to 20 ms for a key. */
const KEY_MILLISECONDS_MAX = 35;
/** The shortest code that ends with Enter or Tab: a command such as `PT-1`. */
const ENDED_LENGTH_MIN = 4;
/** The shortest that ends with a pause. Shorter ones could be a burst of a person's keys. */
const PAUSED_LENGTH_MIN = 6;
/** Longer than any symbol; what goes on after it is a held key or a fault. */
const LENGTH_MAX = 500;

const GS = "\u001d";
const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock", "Fn"]);

/**
 * @typedef {object} Key
 * @property {string} key
 * @property {string} code
 * @property {boolean} ctrl
 * @property {boolean} alt
 * @property {boolean} caps whether Caps Lock is on
 * @property {number} at milliseconds
 */

/**
 * What a key did.
 * @typedef {object} Heard
 * @property {boolean} taken whether the key must do nothing else, such as search in the page
 * @property {boolean} begins whether it is the first of what may become a scan
 * @property {Scan | null} scan a scan that it completed
 */

/** @typedef {{text: string, wasCaps: boolean}} Scan */

export class Wedge {
  text = "";
  caps = false;
  firstAt = 0;
  lastAt = Number.NEGATIVE_INFINITY;
  altDigits = "";

  /** A key that went down. @param {Key} key @returns {Heard} */
  down(key) {
    if (MODIFIERS.has(key.key)) {
      if (key.key === "Alt") {
        this.altDigits = "";
      }
      return { taken: false, begins: false, scan: null };
    }
    const digit = /^Numpad(\d)$/.exec(key.code);
    if (key.alt && digit !== null) {
      // The character arrives when Alt is let go.
      this.altDigits += digit[1];
      this.lastAt = key.at;
      return { taken: true, begins: false, scan: null };
    }
    const ending = endOf(key);
    if (ending) {
      const scan = this.end(ENDED_LENGTH_MIN);
      return {
        taken: scan !== null || (key.key !== "Enter" && key.key !== "Tab" && this.isFast()),
        begins: false,
        scan,
      };
    }
    const character = characterOf(key);
    if (character === null) {
      this.reset();
      return { taken: false, begins: false, scan: null };
    }
    const begins = this.add(character, key);
    return { taken: key.ctrl || key.key.length !== 1 || key.key === GS, begins, scan: null };
  }

  /** Alt was let go: the digits that were typed on the number pad are the code of a character. @param {number} at @param {boolean} caps */
  altUp(at, caps) {
    const code = Number(this.altDigits);
    this.altDigits = "";
    if (0 < code && code < 127) {
      return this.add(String.fromCharCode(code), { caps, at });
    }
    return false;
  }

  /** No key came for the length of a pause. @returns {Scan | null} */
  pause() {
    return this.end(PAUSED_LENGTH_MIN);
  }

  /** How long the next key may take, in milliseconds. */
  patience() {
    return this.isFast() ? SCAN_PAUSE_MILLISECONDS : PAUSE_MILLISECONDS;
  }

  /** Whether what was heard so far came as fast as only scanners type. */
  isFast() {
    const gaps = this.text.length - 1;
    return 0 < gaps && (this.lastAt - this.firstAt) / gaps <= KEY_MILLISECONDS_MAX;
  }

  /** @param {string} character @param {{caps: boolean, at: number}} key @returns {boolean} whether it is the first */
  add(character, { caps, at }) {
    const begins = this.text === "" || this.patience() < at - this.lastAt || LENGTH_MAX <= this.text.length;
    if (begins) {
      this.reset();
      this.firstAt = at;
    }
    // A scanner does not know that Caps Lock is on: it holds Shift for capitals, and the computer makes them small.
    const isSwapped = caps && /^[A-Za-z]$/.test(character);
    this.text += isSwapped ? swapCase(character) : character;
    this.caps ||= isSwapped;
    this.lastAt = at;
    return begins;
  }

  /** @param {number} lengthMin @returns {Scan | null} */
  end(lengthMin) {
    const isScan = lengthMin <= this.text.length && this.isFast();
    const scan = isScan ? { text: this.text, wasCaps: this.caps } : null;
    this.reset();
    return scan;
  }

  reset() {
    this.text = "";
    this.caps = false;
    this.firstAt = 0;
    this.lastAt = Number.NEGATIVE_INFINITY;
  }
}

/** The beginning of a label or a command, which is no password of anybody. */
const LABEL = /^(?:\](?:C1|d2|Q3|e0))?(?:\(?00\)?\d{18}$|\(?01\)?\d{14}|PT-)/i;

/** Whether a text comes from a label, where a person was to type: in a field for a password keys are left alone. @param {string} text */
export function isLabel(text) {
  return LABEL.test(text);
}

/** Whether a key ends a scan; some scanners send Ctrl-M or Ctrl-J for Enter, Ctrl-I for Tab. @param {Key} key */
function endOf(key) {
  return key.key === "Enter" || key.key === "Tab" || (key.ctrl && ["m", "j", "i"].includes(key.key.toLowerCase()));
}

/** The character that a key stands for, or null if it stands for none. @param {Key} key */
function characterOf(key) {
  // By the place of the key too: on a German keyboard the key of ] has a +, and Ctrl with it would make the page larger.
  const isSeparator =
    key.key === "F8" || key.key === GS || (key.ctrl && !key.alt && (key.key === "]" || key.code === "BracketRight"));
  if (isSeparator) {
    return GS;
  }
  if (key.key === "Dead") {
    // The ^ of `^]` on keyboards where it waits for a letter.
    return "^";
  }
  // Ctrl and Alt together are AltGr, with which some keyboards write brackets.
  const isPlain = key.ctrl === key.alt;
  return isPlain && key.key.length === 1 ? key.key : null;
}

/** @param {string} letter */
function swapCase(letter) {
  return letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
}
