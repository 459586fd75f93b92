/** Elements made in the page: never from text that a browser would read as markup. */

/** @typedef {string | number | boolean | null | undefined | ((event: any) => unknown)} Attribute */
/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element. An attribute whose name begins with `on` is a listener, a boolean one is there or not.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, Attribute>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      made.addEventListener(attribute.slice(2), value);
    } else if (attribute === "checked" || attribute === "selected") {
      // The state and not only what it was at first.
      Reflect.set(made, attribute, value === true);
    } else if (value === true) {
      made.setAttribute(attribute, "");
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(attribute, String(value));
    }
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) {
      made.append(child);
    }
  }
  return made;
}
