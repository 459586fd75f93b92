/**
 * All text, in the language of the person.
 *
 * A key such as `home.scan` stands for one sentence or word in every language; a test holds that each language has the
 * same keys.
 */

import { shell as shellInGerman } from "./words/de.js";
import { work as workInGerman } from "./words/de/work.js";
import { shell as shellInEnglish } from "./words/en.js";
import { work as workInEnglish } from "./words/en/work.js";

/** @typedef {"en" | "de"} Language */

/** @type {Record<Language, Record<string, string>>} */
const WORDS = {
  en: { ...shellInEnglish, ...workInEnglish },
  de: { ...shellInGerman, ...workInGerman },
};

const STORED = "packtree.language";

/** @returns {Language} */
export function language() {
  const stored = localStorage.getItem(STORED) ?? navigator.language;
  return stored.startsWith("de") ? "de" : "en";
}

/** @param {Language} chosen */
export function setLanguage(chosen) {
  localStorage.setItem(STORED, chosen);
  document.documentElement.lang = chosen;
}

/** Whether there is a word for it. @param {string} key */
export function hasWord(key) {
  return Object.hasOwn(WORDS[language()], key);
}

/**
 * The words for a key. A key that nobody wrote words for shows as itself, which is ugly and can be found.
 * @param {string} key
 * @param {Record<string, string | number>} [values] what stands for `{name}` in it
 */
export function t(key, values = {}) {
  const words = WORDS[language()][key] ?? key;
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** A moment as people here write it. @param {string} moment RFC 3339 */
export function time(moment) {
  return new Date(moment).toLocaleString(language(), { dateStyle: "medium", timeStyle: "medium" });
}

/** A day as people here write it. @param {string} day `2028-02-29` */
export function day(day) {
  const at = new Date(`${day}T00:00:00`);
  return Number.isNaN(at.getTime()) ? day : at.toLocaleDateString(language(), { dateStyle: "medium" });
}

/** A number with its groups of thousands. @param {number} value */
export function number(value) {
  return value.toLocaleString(language());
}
