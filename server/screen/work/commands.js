/**
 * Command barcodes and number keys: what is on the screen says by itself what it answers to, in `data-command` and `data-key`.
 *
 * An open dialog is asked first, because it is what the person looks at.
 */

/**
 * Does what a command says, if something on the screen answers to it.
 * @param {ParentNode} screen
 * @param {string} command as the barcode has it behind its prefix, in small letters: `confirm`, `finish`, `1`
 * @returns {boolean} whether something did
 */
export function obey(screen, command) {
  const dialogs = [...document.querySelectorAll("dialog[open]")];
  const place = dialogs.at(-1) ?? screen;
  const name = CSS.escape(command);
  const answering = place.querySelector(`[data-command="${name}"]:not(:disabled), [data-key="${name}"]:not(:disabled)`);
  if (!(answering instanceof HTMLElement)) {
    return false;
  }
  // Scanning a barcode on the wall is as deliberate as holding a button down, so a button to be held takes it at once.
  const isTaken = !answering.dispatchEvent(new CustomEvent("command", { cancelable: true }));
  if (!isTaken) {
    answering.click();
  }
  return true;
}
