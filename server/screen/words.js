/**
 * All text, in the language of the person.
 *
 * A key such as `home.scan` stands for one sentence or word in every language; a test holds that each language has the
 * same keys.
 */

import { shell as shellInGerman } from "./words/de.js";
import { policy as policyInGerman } from "./words/de/policy.js";
import { said as saidInGerman } from "./words/de/said.js";
import { work as workInGerman } from "./words/de/work.js";
import { shell as shellInEnglish } from "./words/en.js";
import { policy as policyInEnglish } from "./words/en/policy.js";
import { work as workInEnglish } from "./words/en/work.js";

/** @typedef {"en" | "de"} Language */

/** @type {Record<Language, Record<string, string>>} */
const WORDS = {
  en: { ...shellInEnglish, ...workInEnglish, ...policyInEnglish },
  de: { ...shellInGerman, ...workInGerman, ...policyInGerman },
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
 * The words for a key, those for one where `n` is one. A key that nobody wrote words for shows as itself, which is ugly and
 * can be found.
 * @param {string} key
 * @param {Record<string, string | number>} [values] what stands for `{name}` in it
 */
export function t(key, values = {}) {
  const known = WORDS[language()];
  const words = (String(values["n"]) === "1" ? known[`${key}.one`] : undefined) ?? known[key] ?? key;
  return filled(words, values);
}

/** @param {string} words @param {Record<string, string | number>} values */
function filled(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * What stands in the way and what to do, as the server said it: in the language of the person where there are words for
 * the code, else as it stands.
 * @param {{code?: string, sentence: string, remedy: string}} said
 * @param {Record<string, string | number>} [values] `object` what it concerns, `other` what stands in the way, `n` seconds
 */
export function spoken(said, values = {}) {
  const known = language() === "de" ? saidInGerman[said.code ?? ""] : undefined;
  const [what = "", remedy = ""] = known ?? [said.sentence, said.remedy];
  const object = values["object"] === undefined ? "" : `${values["object"]}: `;
  const other = values["other"] === undefined ? "" : ` [${values["other"]}]`;
  return `${object}${sentence(`${filled(what, values)}${other}`)} ${sentence(filled(remedy, values))}`.trim();
}

/** A reason of the rules in a few words. @param {string} code */
export function reasonWords(code) {
  return (language() === "de" ? saidInGerman[code]?.[0] : undefined) ?? code.replaceAll("_", " ");
}

/** With a capital letter and a full stop, as sentences have. @param {string} text */
function sentence(text) {
  const ended = text === "" || /[.!?]$/.test(text) ? text : `${text}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}

/** A moment as people here write it. @param {string} moment RFC 3339 */
export function time(moment) {
  return new Date(moment).toLocaleString(language(), { dateStyle: "medium", timeStyle: "medium" });
}

/** When something began: today that is the time of day. @param {string} moment */
export function since(moment) {
  const at = new Date(moment);
  const isToday = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(language(), { ...(isToday ? {} : { dateStyle: "medium" }), timeStyle: "short" });
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
