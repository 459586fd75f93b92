/**
 * The self-test of a scanner: every key that it sends, the hidden ones made visible, a verdict in words, and codes to
 * test with.
 */

import { judge, showKeys, visible } from "../selftest/keys.js";
import { Screen, button, card, h, heading, t } from "../work/desk.js";

/** @typedef {import("../selftest/keys.js").Key} Key */

const GS = "\u001d";
/** After such a pause the keys belong to the next scan. */
const PAUSE_MILLISECONDS = 600;
const KEYS_MAX = 400;

/** The codes to test with. None of them is an object: they are made of the number range that GS1 keeps for examples. */
const CODES = [
  { name: "unit", kind: "data_matrix", text: `010952123456788221aZ9kLm${GS}10Lot7x${GS}17301231` },
  { name: "sscc", kind: "gs1_128", text: "00095212345678900009" },
  { name: "command", kind: "code_128", text: "PT-CONFIRM" },
];

/** The page that is shown, if it is. @type {SelfTestScreen | null} */
let shown = null;

// From when the module is read on, so that it hears each key before the scanner's listener, which takes some of them away.
window.addEventListener("keydown", (event) => shown?.hear(event), { capture: true });

/** `#/selftest` */
export class SelfTestScreen extends Screen {
  /** @type {Key[]} */
  keys = [];
  text = "";
  chosen = CODES[0];
  result = h("div", { class: "stack" });

  async start() {
    shown = this;
    this.draw();
  }

  stop() {
    shown = null;
  }

  draw() {
    this.show(
      heading(t("selftest.title"), t("selftest.lead")),
      this.result,
      h("h2", {}, t("selftest.codes")),
      h("div", { class: "codes" }, ...CODES.map((code) => this.code(code))),
    );
    this.verdict();
  }

  /** @param {typeof CODES[number]} code */
  code(code) {
    const isChosen = code === this.chosen;
    return card(
      { title: t(`selftest.code.${code.name}`), kind: isChosen ? "information" : undefined },
      h("img", {
        class: "barcode",
        src: `/v1/barcodes?text=${encodeURIComponent(code.text)}&kind=${code.kind}`,
        alt: `${t(`selftest.code.${code.name}`)}: ${visible(code.text)}`,
      }),
      h("p", { class: "identifier" }, visible(code.text)),
      isChosen
        ? h("p", { class: "badge is-information" }, `\u25b6 ${t("selftest.chosen")}`)
        : button({
            text: t("selftest.choose"),
            kind: "plain",
            small: true,
            about: code.name,
            press: () => {
              this.chosen = code;
              this.clear();
              this.draw();
            },
          }),
    );
  }

  /** @param {KeyboardEvent} event */
  hear(event) {
    const last = this.keys.at(-1);
    if (last !== undefined && PAUSE_MILLISECONDS < event.timeStamp - last.at) {
      this.keys = [];
      this.text = "";
    }
    if (this.keys.length < KEYS_MAX) {
      this.keys.push({
        key: event.key,
        code: event.code,
        ctrl: event.ctrlKey,
        alt: event.altKey,
        shift: event.shiftKey,
        caps: event.getModifierState("CapsLock"),
        at: event.timeStamp,
      });
    }
    this.verdict();
  }

  /** The screen's own understanding of the same keys. @param {string} text */
  async scan(text) {
    this.text = text;
    this.verdict();
    return true;
  }

  /** A test must not do what the code says, except to leave the page. @param {string} command */
  command(command) {
    this.text = `PT-${command.toUpperCase()}`;
    this.verdict();
    return command !== "home";
  }

  clear() {
    this.keys = [];
    this.text = "";
    this.verdict();
  }

  verdict() {
    if (this.keys.length === 0) {
      this.result.replaceChildren(h("p", { class: "ask", role: "status" }, t("selftest.waiting")));
      return;
    }
    const shown = showKeys(this.keys);
    const verdicts = judge(this.keys, this.text, this.chosen?.text ?? null);
    const worst = verdicts[0]?.kind ?? "information";
    const overall = {
      stop: "selftest.bad",
      warning: "selftest.fair",
      ok: "selftest.good",
      information: "selftest.good",
    }[worst];
    const marks = { stop: "\u2715", warning: "!", ok: "\u2713", information: "i" };
    this.result.replaceChildren(
      card(
        { title: `${marks[worst]} ${t(overall)}`, kind: worst },
        h(
          "ul",
          { class: "lines" },
          ...verdicts.map((one) =>
            h(
              "li",
              { class: "line" },
              h("span", { class: `badge is-${one.kind}` }, marks[one.kind]),
              h("span", { class: "line-main" }, t(`selftest.${one.code}`, { value: one.value })),
            ),
          ),
        ),
        h("h2", {}, t("selftest.keys")),
        h(
          "p",
          { class: "keys" },
          ...shown.map((key) => h("kbd", { class: `is-${key.kind}`, title: `${key.wait} ms` }, key.text)),
        ),
        h("h2", {}, t("selftest.text")),
        h("p", { class: "identifier" }, visible(this.text)),
        button({ text: t("selftest.clear"), kind: "quiet", small: true, press: () => this.clear() }),
      ),
    );
  }
}
