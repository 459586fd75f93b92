/**
 * What every screen is: an element that the router puts on the page, and that scans and commands are given to while it
 * is there.
 */

/** How an input came about. @typedef {"scan" | "typed"} Entry */

export class Screen extends HTMLElement {
  /** The parts of the address behind the screen's name: `["swap"]` in `#/rework/swap`. @type {string[]} */
  path = [];
  /** What follows the `?` in the address. */
  query = new URLSearchParams();

  /** Called each time the screen is shown, with `path` and `query` set. @returns {void | Promise<void>} */
  start() {}

  /** Called when another screen takes its place. */
  stop() {}

  /** Called before that when the person went elsewhere, and not when the screen was locked or drawn anew. */
  leave() {}

  /**
   * A scan. True if this screen took it; otherwise it opens the object that was scanned.
   * @param {string} _text
   * @param {Entry} _entry
   * @returns {Promise<boolean>}
   */
  async scan(_text, _entry) {
    return false;
  }

  /**
   * A command barcode in small letters: `confirm`, `take-off`, `1`. True if this screen took it; otherwise the button with that
   * `data-command` or `data-key` is pressed, and then what the command means everywhere is done.
   * @param {string} _command
   * @returns {boolean}
   */
  command(_command) {
    return false;
  }

  /**
   * Shows this and nothing else. Whoever works with the keyboard stays where they were.
   * @param {...(Node | string | null | undefined | false)} nodes
   */
  show(...nodes) {
    this.classList.add("work");
    const path = this.contains(document.activeElement) ? trail(this, document.activeElement) : null;
    this.replaceChildren(...nodes.filter((node) => node !== null && node !== undefined && node !== false));
    if (path !== null) {
      follow(this, path)?.focus({ preventScroll: true });
    }
  }
}

/**
 * By what an element is found again in a new drawing: its id, or what kind of element it is and what it says.
 * @param {Element} top
 * @param {Element | null} element
 * @returns {{id: string, tag: string, name: string} | null}
 */
function trail(top, element) {
  return element === null || element === top ? null : { id: element.id, tag: element.localName, name: nameOf(element) };
}

/** @param {Element} element */
function nameOf(element) {
  return element.getAttribute("aria-label") ?? element.getAttribute("name") ?? element.textContent ?? "";
}

/** @param {Element} top @param {{id: string, tag: string, name: string}} trail @returns {HTMLElement | null} */
function follow(top, { id, tag, name }) {
  const found =
    id === ""
      ? [...top.querySelectorAll(tag)].find((one) => nameOf(one) === name)
      : top.querySelector(`#${CSS.escape(id)}`);
  return found instanceof HTMLElement ? found : null;
}
