/**
 * The reasons that a person can choose from, for each operation that wants one: at most eight, as tiles, beside a text of one's own.
 *
 * What is recorded is the text that the person saw, in their language, so that the record shows what they meant. The names here are keys
 * in the lists of words.
 */

/** @type {Record<string, readonly string[]>} */
const REASONS = {
  hold: [
    "quality_check",
    "damaged",
    "temperature",
    "wrong_label",
    "count_differs",
    "recall",
    "customer_complaint",
    "police",
  ],
  release: ["checked_good", "hold_by_mistake", "recall_ended", "documents_complete", "relabelled", "count_agrees"],
  sample: ["quality_control", "retain_sample", "authority", "stability", "complaint_check"],
  reject: [
    "damaged",
    "leaking",
    "label_unreadable",
    "wrong_label",
    "wrong_product",
    "seal_broken",
    "temperature",
    "dirty",
  ],
  destroy: ["damaged", "expired", "recall", "returned_not_saleable", "temperature", "counterfeit"],
  decommission: ["damaged", "expired", "lost", "stolen", "recall", "label_unreadable", "repackaged", "export"],
  close_partial: [
    "end_of_lot",
    "sample_taken",
    "damage_taken_out",
    "order_quantity",
    "end_of_shift",
    "count_confirmed",
  ],
  reopen: ["damage_inside", "count_differs", "sample_needed", "wrong_contents", "relabelling", "add_contents"],
  void_ship: [
    "not_loaded",
    "wrong_truck",
    "wrong_pallet",
    "order_cancelled",
    "scanned_by_mistake",
    "damaged_at_loading",
  ],
  return: ["refused_by_customer", "damaged_in_transport", "too_many", "wrong_product", "recall", "expired"],
  correct_lot: ["typing_mistake", "new_expiry_approved", "wrong_document", "missing_until_now"],
  replace: ["damaged", "leaking", "label_unreadable", "wrong_label", "seal_broken", "sample_needed"],
  relabel: ["label_unreadable", "label_lost", "printed_twice", "wrong_label", "now_mixed"],
  reset: ["counted", "opened_by_customs", "repacked_outside", "record_was_wrong"],
  missing: ["not_in_container", "lost", "stolen", "taken_before"],
  undo: ["scanned_by_mistake", "wrong_object", "wrong_action", "order_cancelled"],
};

/** One more would not fit on a handheld without scrolling. */
export const REASONS_MAX = 8;

/**
 * The names of the reasons for an operation.
 * @param {string} action
 * @returns {readonly string[]}
 */
export function reasonsOf(action) {
  return REASONS[action] ?? REASONS["undo"] ?? [];
}

/** Every name that is used, for the test that all have words. */
export function everyReason() {
  return [...new Set(Object.values(REASONS).flat())].sort();
}
