// What stands in the warehouse of a test: made through the server's own operations, with numbers that no other test uses.

import { randomInt } from "node:crypto";

/** The prefix that GS1 keeps for examples. */
const PREFIX = "9521234";
/** The product that everything here is of. */
export const GTIN = "09521234543213";

let last = randomInt(1_000_000, 900_000_000);

/** @param {string} digits */
function checkDigit(digits) {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}

/** An SSCC that was never used. */
export function freshLabel() {
  last += 1;
  const digits = `3${PREFIX}${String(last).padStart(9, "0")}`;
  return `(00)${digits}${checkDigit(digits)}`;
}

/** A unit that was never commissioned. Its serial number has capital and small letters. */
export function freshUnit() {
  last += 1;
  return `(01)${GTIN}(21)aZ${last}`;
}

/**
 * @param {import("./person.js").Person} person
 * @param {object} operation
 * @param {string} [reason]
 */
export async function operate(person, operation, reason) {
  const asked = { operation, ...(reason === undefined ? {} : { reason }) };
  const answer = await person.ask("POST", "/v1/operations", asked);
  return answer.fact;
}

/**
 * Commissions and packs a case of units, closed.
 * @param {import("./person.js").Person} person
 * @param {number} count
 */
export async function makeCase(person, count) {
  const id = freshLabel();
  const units = Array.from({ length: count }, freshUnit);
  const lot = { number: `T${String(last).slice(-6)}`, expiry: "2030-12-31" };
  await operate(person, { type: "commission", objects: units, level: "unit", lot });
  await operate(person, { type: "commission", objects: [id], level: "case" });
  await operate(person, { type: "pack", parent: id, children: units });
  await operate(person, { type: "close", containers: [id] });
  return { id, units, lot: lot.number };
}

/**
 * A closed pallet of closed cases.
 * @param {import("./person.js").Person} person
 * @param {number} count
 * @param {number} units in each case
 */
export async function makePallet(person, count, units) {
  const id = freshLabel();
  const cases = [];
  for (let index = 0; index < count; index += 1) {
    cases.push(await makeCase(person, units));
  }
  await operate(person, { type: "commission", objects: [id], level: "pallet" });
  await operate(person, { type: "pack", parent: id, children: cases.map((one) => one.id) });
  await operate(person, { type: "close", containers: [id] });
  return { id, cases };
}

/** An empty, open container. @param {import("./person.js").Person} person @param {"case" | "pallet"} level */
export async function makeEmpty(person, level) {
  const id = freshLabel();
  await operate(person, { type: "commission", objects: [id], level });
  return id;
}

/** Units of the same product in nothing. @param {import("./person.js").Person} person @param {number} count @param {string} lot */
export async function makeLoose(person, count, lot) {
  const units = Array.from({ length: count }, freshUnit);
  await operate(person, {
    type: "commission",
    objects: units,
    level: "unit",
    lot: { number: lot, expiry: "2030-12-31" },
  });
  return units;
}
