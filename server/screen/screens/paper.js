/** What is printed: the label of a container, the sheet of commands, and the codes of the demo. */

import {
  Screen,
  announce,
  api,
  button,
  card,
  explain,
  go,
  h,
  heading,
  identify,
  language,
  linkTo,
  may,
  scanAsIf,
  t,
  typedField,
} from "../work/desk.js";

/** More are no choice for gloves. */
const PRINTERS_MAX = 3;

/** `#/label?id=...` */
export class LabelScreen extends Screen {
  object = "";
  size = "a6";
  isCopy = false;
  /** The label printers of the site. @type {string[]} */
  printers = [];

  async start() {
    this.object = this.query.get("id") ?? "";
    this.isCopy = this.query.get("copy") === "1";
    this.draw();
    if (this.object !== "" && may("print")) {
      try {
        this.printers = (await api.printers()).printers;
      } catch (problem) {
        explain(problem);
      }
      this.draw();
    }
  }

  draw() {
    if (this.object === "") {
      this.show(
        heading(t("label.title"), ""),
        h("p", { class: "ask", role: "status" }, t("label.which")),
        typedField((text) => this.take(text, true)),
      );
      return;
    }
    const source = `/v1/labels/${encodeURIComponent(this.object)}`;
    const sizes = [
      ["a6", "label.a6"],
      ["4x6", "label.inch"],
    ].map(([size = "", words = ""]) =>
      h(
        "label",
        { class: "segment" },
        h("input", {
          type: "radio",
          name: "size",
          checked: this.size === size,
          onchange: () => {
            this.size = size;
            this.draw();
          },
        }),
        t(words),
      ),
    );
    const copy = h("input", {
      type: "checkbox",
      checked: this.isCopy,
      onchange: () => {
        this.isCopy = copy.checked;
        this.draw();
      },
    });
    const manner = new URLSearchParams({ size: this.size, language: language(), ...(this.isCopy ? { copy: "1" } : {}) });
    this.show(
      heading(t("label.title"), this.object),
      h(
        "div",
        { class: "beside" },
        h("img", {
          class: "label-preview",
          src: `${source}.svg?${manner}`,
          alt: `${t("label.title")} ${this.object}`,
        }),
        h(
          "div",
          { class: "stack is-screen" },
          h("div", { class: "segments", role: "radiogroup", "aria-label": t("label.size") }, ...sizes),
          h("label", { class: "check" }, copy, t("label.copy")),
          ...this.printers.slice(0, PRINTERS_MAX).map((printer, index) =>
            button({
              text: t("label.on", { printer }),
              kind: index === 0 ? "main" : "plain",
              ...(index === 0 ? { command: "confirm" } : {}),
              press: () => this.print(printer),
            }),
          ),
          button({
            text: t("label.here"),
            ...(this.printers.length === 0 ? { kind: "main", command: "confirm" } : { kind: "plain" }),
            press: () => window.print(),
          }),
          linkTo(`${source}.zpl?${manner}`, t("label.zpl"), "button"),
        ),
      ),
    );
  }

  /** @param {string} printer */
  async print(printer) {
    try {
      await api.print(this.object, { printer, size: this.size, ...(this.isCopy ? { copy: 1 } : {}) });
      announce("ok", t("label.printed"), `${this.object}, ${printer}`);
    } catch (problem) {
      explain(problem);
    }
  }

  /** @param {string} text */
  async scan(text) {
    await this.take(text, false);
    return true;
  }

  /** @param {string} text @param {boolean} typed */
  async take(text, typed) {
    const answer = await identify(text, typed, false);
    if (answer !== null) {
      announce("ok", t("work.scanned"), answer.id);
      go(`#/label?id=${encodeURIComponent(answer.id)}`);
    }
  }
}

/** `#/commands` */
export class CommandsScreen extends Screen {
  async start() {
    this.show(
      heading(t("commands.title"), t("commands.lead")),
      button({ text: t("work.print"), kind: "main", press: () => window.print() }),
      h("img", { class: "sheet", src: `/v1/labels/commands.svg?language=${language()}`, alt: t("commands.title") }),
    );
  }
}

/** `#/demo` */
export class DemoScreen extends Screen {
  async start() {
    this.show(heading(t("demo.title"), t("demo.lead")), h("p", {}, t("work.loading")));
    try {
      const { codes } = await api.demo();
      this.show(
        heading(t("demo.title"), t("demo.lead")),
        h(
          "div",
          { class: "codes" },
          ...codes.map((code) =>
            card(
              { title: language() === "de" ? code.german : code.what },
              h("img", {
                class: "barcode",
                src: `/v1/barcodes?text=${encodeURIComponent(code.text)}&kind=${code.kind}`,
                alt: code.text,
              }),
              h("p", { class: "identifier" }, code.text),
              button({
                text: t("demo.press"),
                kind: "plain",
                small: true,
                about: code.text,
                press: () => scanAsIf(code.text),
              }),
            ),
          ),
        ),
      );
    } catch {
      this.show(heading(t("demo.title"), ""), h("p", { class: "note is-information" }, t("demo.none")));
    }
  }
}
