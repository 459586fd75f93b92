/**
 * What a keyboard-wedge scanner really sent, made visible, and a verdict on how it is set.
 *
 * Pure: key events in, names and codes of verdicts out. The words are in the lists of words.
 */

/**
 * A key as the browser reports it, with the time since the page was opened in milliseconds.
 * @typedef {object} Key
 * @property {string} key
 * @property {string} code
 * @property {boolean} ctrl
 * @property {boolean} alt
 * @property {boolean} shift
 * @property {boolean} caps
 * @property {number} at
 */

/**
 * @typedef {object} Shown
 * @property {string} text what is written on the key cap
 * @property {"character" | "separator" | "control" | "end" | "modifier"} kind
 * @property {number} wait milliseconds since the key before
 */

/**
 * @typedef {"no_keys" | "typed_by_hand" | "no_end" | "no_separator" | "separator_found" | "no_separator_needed" | "caps_lock"
 *   | "browser_keys" | "no_symbology" | "symbology_found" | "slow" | "fast" | "text_differs" | "text_agrees"} VerdictCode
 */

/** @typedef {{code: VerdictCode, kind: "ok" | "warning" | "stop" | "information", value: string}} Verdict */

/** Hands do not type faster than this for long. */
const HAND_MILLISECONDS = 35;
/** Beyond this a scan risks to be taken for two. */
const SLOW_MILLISECONDS = 50;

/** Every character that is not printed, by the name it has in the tables of scanner manuals. */
const CONTROLS = [
  "NUL",
  "SOH",
  "STX",
  "ETX",
  "EOT",
  "ENQ",
  "ACK",
  "BEL",
  "BS",
  "HT",
  "LF",
  "VT",
  "FF",
  "CR",
  "SO",
  "SI",
  "DLE",
  "DC1",
  "DC2",
  "DC3",
  "DC4",
  "NAK",
  "SYN",
  "ETB",
  "CAN",
  "EM",
  "SUB",
  "ESC",
  "FS",
  "GS",
  "RS",
  "US",
];

const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "Fn"]);
const ENDS = new Set(["Enter", "Tab"]);
const SEPARATOR_TEXTS = ["\u001d", "{GS}", "<GS>", "^]", "|", "~"];

/**
 * What to show for each key.
 * @param {Key[]} keys
 * @returns {Shown[]}
 */
export function showKeys(keys) {
  return keys.map((key, index) => {
    const before = keys[index - 1];
    const wait = before === undefined ? 0 : Math.round(key.at - before.at);
    return { text: keyName(key), kind: kindOf(key), wait };
  });
}

/** @param {Key} key */
function keyName(key) {
  if (MODIFIERS.has(key.key)) {
    return key.key;
  }
  const held = `${key.ctrl ? "Ctrl+" : ""}${key.alt ? "Alt+" : ""}`;
  return held + (key.key.length === 1 ? visible(key.key) : key.key);
}

/** @param {Key} key @returns {Shown["kind"]} */
function kindOf(key) {
  if (MODIFIERS.has(key.key)) {
    return "modifier";
  }
  if (ENDS.has(key.key)) {
    return "end";
  }
  if (isSeparatorKey(key)) {
    return "separator";
  }
  return key.key.length === 1 && !key.ctrl && !key.alt && " " <= key.key ? "character" : "control";
}

/**
 * The spellings of FNC1 that arrive as one key.
 * @param {Key} key
 */
function isSeparatorKey(key) {
  return (
    key.key === "\u001d" ||
    key.key === "F8" ||
    (key.ctrl && key.key === "]") ||
    (!key.ctrl && ["|", "~"].includes(key.key))
  );
}

/**
 * A text with everything that is not printed shown by name.
 * @param {string} text
 */
export function visible(text) {
  let shown = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 32) {
      shown += `<${CONTROLS[code]}>`;
    } else if (code === 32) {
      shown += "\u2423";
    } else if (code === 127 || (127 < code && code < 161)) {
      shown += `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
    } else {
      shown += character;
    }
  }
  return shown;
}

/**
 * The verdicts on one scan, the gravest first. `expected` is the text of the test barcode, with GS where it has FNC1, if
 * one is chosen.
 * @param {Key[]} keys
 * @param {string} text what the screen understood
 * @param {string | null} expected
 * @returns {Verdict[]}
 */
export function judge(keys, text, expected) {
  const sent = keys.filter((key) => !MODIFIERS.has(key.key));
  if (sent.length === 0) {
    return [{ code: "no_keys", kind: "stop", value: "" }];
  }
  const verdicts = [speed(sent), ending(sent), separator(keys, text, expected), capitals(keys, text), symbology(text)];
  const closing = keys.find(
    (key) => key.ctrl && !["]", "j", "m", "i"].includes(key.key.toLowerCase()) && !MODIFIERS.has(key.key),
  );
  verdicts.push(closing === undefined ? null : { code: "browser_keys", kind: "warning", value: keyName(closing) });
  if (expected !== null) {
    const agrees = bare(text) === bare(expected);
    verdicts.push({
      code: agrees ? "text_agrees" : "text_differs",
      kind: agrees ? "ok" : "stop",
      value: visible(expected),
    });
  }
  const order = { stop: 0, warning: 1, ok: 2, information: 3 };
  /** @type {Verdict[]} */
  const said = [];
  for (const verdict of verdicts) {
    if (verdict !== null) {
      said.push(verdict);
    }
  }
  return said.sort((one, other) => order[one.kind] - order[other.kind]);
}

/** @param {Key[]} sent @returns {Verdict} */
function speed(sent) {
  const waits = sent.slice(1).map((key, index) => key.at - (sent[index]?.at ?? key.at));
  const mean = waits.length === 0 ? 0 : waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  const value = mean.toFixed(mean < 10 ? 1 : 0);
  if (sent.length < 4 || HAND_MILLISECONDS * 2 < mean) {
    return { code: "typed_by_hand", kind: "information", value };
  }
  return SLOW_MILLISECONDS < Math.max(...waits)
    ? { code: "slow", kind: "warning", value: Math.max(...waits).toFixed(0) }
    : { code: "fast", kind: "ok", value };
}

/** @param {Key[]} sent @returns {Verdict | null} */
function ending(sent) {
  const last = sent[sent.length - 1];
  return last !== undefined && ENDS.has(last.key) ? null : { code: "no_end", kind: "warning", value: "" };
}

/** @param {Key[]} keys @param {string} text @param {string | null} expected @returns {Verdict | null} */
function separator(keys, text, expected) {
  const key = keys.find(isSeparatorKey);
  const written = SEPARATOR_TEXTS.find((spelling) => text.includes(spelling));
  const numpad = keys.some((one) => one.alt && one.code.startsWith("Numpad"));
  if (key !== undefined || written !== undefined || numpad) {
    const value = numpad ? "Alt+029" : key !== undefined ? keyName(key) : visible(written ?? "");
    return { code: "separator_found", kind: "ok", value };
  }
  if (expected === null) {
    return null;
  }
  return expected.includes("\u001d")
    ? { code: "no_separator", kind: "stop", value: "" }
    : { code: "no_separator_needed", kind: "information", value: "" };
}

/** @param {Key[]} keys @param {string} text @returns {Verdict | null} */
function capitals(keys, text) {
  return keys.some((key) => key.caps) && /[A-Za-z]/.test(text) ? { code: "caps_lock", kind: "stop", value: "" } : null;
}

/** @param {string} text @returns {Verdict} */
function symbology(text) {
  const prefix = /^\][A-Za-z][0-9A-Za-z]/.exec(text);
  return prefix === null
    ? { code: "no_symbology", kind: "information", value: "" }
    : { code: "symbology_found", kind: "ok", value: prefix[0] };
}

/**
 * A text without what scanners add or spell differently.
 * @param {string} text
 */
function bare(text) {
  let plain = text.replace(/^\][A-Za-z][0-9A-Za-z]/, "");
  for (const spelling of SEPARATOR_TEXTS) {
    plain = plain.split(spelling).join("\u001d");
  }
  return plain.replace(/^\u001d/, "").trim();
}
