/** The elements that screens for work are made of: headings, buttons, tiles, cards, fields. */

import { h, number } from "../shell.js";

/** How many characters at the end of an identifier stand out, and up to how many a short one does so whole. */
const ID_END = 6;
const ID_WHOLE = 8;

/** @typedef {import("../element.js").Child} Child */

/**
 * The one heading of a page, and what it is about.
 * @param {string} title
 * @param {string} lead a sentence, or an identifier
 */
export function heading(title, lead) {
  const about = lead.startsWith("(") ? identifier(lead) : lead;
  return h("header", { class: "page-head" }, h("h1", {}, title), lead === "" ? null : h("p", { class: "lead" }, about));
}

/**
 * @typedef {object} ButtonOptions
 * @property {string} text
 * @property {"main" | "plain" | "quiet" | "stop"} kind
 * @property {() => unknown} [press]
 * @property {boolean} [small]
 * @property {boolean} [submits]
 * @property {string} [about] what it concerns, for those who do not see the line that it stands in
 * @property {string} [command] the command barcode that does the same
 */

/** @param {ButtonOptions} options */
export function button(options) {
  const made = h(
    "button",
    {
      type: options.submits === true ? "submit" : "button",
      class: `button is-${options.kind}${options.small === true ? " is-small" : ""}`,
      "data-command": options.command,
      "aria-label": options.about === undefined ? null : `${options.text}: ${options.about}`,
    },
    options.text,
  );
  const { press } = options;
  if (press !== undefined) {
    made.addEventListener("click", () => void press());
  }
  return made;
}

/** How long a finger rests on a button before it is meant. */
const HOLD_MILLISECONDS = 1000;

/**
 * A button that is held down for a second, by finger, mouse or key, because what it does cannot be undone.
 * @param {ButtonOptions} options
 */
export function holdButton(options) {
  const { press, ...look } = options;
  const made = button(look);
  made.classList.add("is-hold");
  /** @type {number | undefined} */
  let timer;
  const end = () => {
    window.clearTimeout(timer);
    timer = undefined;
    made.classList.remove("is-held-down");
  };
  const begin = () => {
    if (timer === undefined) {
      made.classList.add("is-held-down");
      timer = window.setTimeout(() => {
        end();
        void press?.();
      }, HOLD_MILLISECONDS);
    }
  };
  made.addEventListener("pointerdown", begin);
  for (const name of ["pointerup", "pointerleave", "pointercancel", "blur", "keyup"]) {
    made.addEventListener(name, end);
  }
  made.addEventListener("keyup", (event) => event.preventDefault());
  made.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      begin();
    }
  });
  made.addEventListener("contextmenu", (event) => event.preventDefault());
  // A click that no pointer made is a command barcode or a screen reader, which are deliberate enough.
  made.addEventListener("click", (event) => {
    if (event.detail === 0) {
      void press?.();
    }
  });
  return made;
}

/**
 * A large choice: a button, or a link where it leads to another page.
 * @param {{text: string, hint?: string, href?: string, key?: string, pressed?: boolean, press?: () => unknown}} options
 */
export function tile(options) {
  const content = [
    options.key === undefined ? null : h("kbd", { "aria-hidden": "true" }, options.key),
    h("span", { class: "tile-text" }, options.text),
    options.hint === undefined ? null : h("span", { class: "tile-hint" }, options.hint),
  ];
  if (options.href !== undefined) {
    return h("a", { class: "tile", href: options.href, "data-key": options.key }, ...content);
  }
  return h(
    "button",
    {
      type: "button",
      class: "tile",
      "data-key": options.key,
      "aria-pressed": options.pressed === undefined ? null : String(options.pressed),
      onclick: () => options.press?.(),
    },
    ...content,
  );
}

/**
 * @param {{title: string, number?: string, kind?: "ok" | "warning" | "stop" | "information" | undefined}} options
 * @param {...Child} children
 */
export function card(options, ...children) {
  const head =
    options.title === ""
      ? null
      : h(
          "h2",
          { class: "card-head" },
          h("span", {}, options.title),
          options.number === undefined ? null : h("span", { class: "number" }, options.number),
        );
  return h("section", { class: `card${options.kind === undefined ? "" : ` is-${options.kind}`}` }, head, ...children);
}

/** @param {number} value @param {string} words */
export function bigNumber(value, words) {
  return h("p", { class: "big-number" }, h("span", { class: "number" }, number(value)), h("span", {}, words));
}

/**
 * An identifier in its bracketed form, with what people look at made larger than the rest.
 * @param {string} id
 * @returns {(Node | string)[]}
 */
export function idParts(id) {
  const parts = /^((?:\(\d+\)\d+)*\(\d+\))(.+)$/.exec(id);
  if (parts === null) {
    return [id];
  }
  const [, kind = "", value = ""] = parts;
  const begins = value.length <= ID_WHOLE ? 0 : value.length - ID_END;
  const [first, end] = [value.slice(0, begins), value.slice(begins)];
  // A line ends where an element ends, or before what stands out.
  const elements = kind.split(/(?!^)(?=\()/).flatMap((element) => [h("wbr"), element]);
  return [h("small", {}, ...elements), first, first === "" ? "" : h("wbr"), h("b", {}, end)];
}

/** @param {string} id @param {string} [href] where it leads; nowhere without */
export function identifier(id, href) {
  return href === undefined
    ? h("span", { class: "identifier" }, ...idParts(id))
    : h("a", { class: "identifier line-main", href }, h("span", {}, ...idParts(id)));
}

/** @param {string} href @param {string} text @param {string} [names] */
export function linkTo(href, text, names) {
  return h("a", { href, class: names }, text);
}

/**
 * A labelled field.
 * @param {{label: string, name: string, type: string, value: string, hint?: string, step?: string, maxlength?: number}} options
 */
export function field(options) {
  const id = `field-${options.name}`;
  const isSecret = options.type === "password";
  const input = h("input", {
    id,
    name: options.name,
    type: options.type,
    placeholder: options.hint,
    step: options.step,
    maxlength: options.maxlength,
    autocomplete: isSecret ? "new-password" : "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  input.value = options.value;
  return { input, element: h("div", { class: "field" }, h("label", { for: id }, options.label), input) };
}

/**
 * Several things to tick.
 * @param {string} title
 * @param {{value: string, text: string, checked: boolean}[]} choices
 */
export function checks(title, choices) {
  const boxes = choices.map(({ value, checked }) => h("input", { type: "checkbox", value, checked }));
  const element = h(
    "fieldset",
    { class: "checks" },
    h("legend", {}, title),
    ...boxes.map((box, index) => h("label", { class: "check" }, box, choices[index]?.text ?? "")),
  );
  return { element, chosen: () => boxes.filter((box) => box.checked).map((box) => box.value) };
}
