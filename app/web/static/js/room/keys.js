/* The keyboard of the exam room.

   Promises: keys work from anywhere on the page but never while typing in a field, with a dialog
   open, or together with Ctrl, Alt or Meta. Left and right always move between questions, so that
   they cannot change an answer by accident; up and down stay the browser's within the options. */

const TEXT = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const STRIKE_PATIENCE = 4000;

export function listenToKeys({ optionCount, actions }) {
  let strikeUntil = 0;

  /* The option that a key names, counted from 0, or -1. */
  function optionOf(key) {
    const index = /^[1-6]$/.test(key) ? Number(key) - 1 : /^[a-f]$/.test(key) ? key.charCodeAt(0) - 97 : -1;
    return index < optionCount() ? index : -1;
  }

  const moves = {
    n: actions.next, ArrowRight: actions.next,
    p: actions.previous, ArrowLeft: actions.previous,
    f: actions.flag, F: actions.flag,
    g: actions.navigator,
    "?": actions.help,
  };

  function isScrolling(event) {
    return event.key.startsWith("Arrow") && event.target.closest("pre, code.block, .table-scroll");
  }

  function press(event) {
    const isTaken = event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented;
    if (isTaken || event.target.closest?.(TEXT) || document.querySelector("dialog[open]") || isScrolling(event)) {
      return;
    }
    const wasStriking = Date.now() < strikeUntil;
    const option = optionOf(event.key);
    strikeUntil = 0;
    if (event.key === "x" && optionCount()) {
      strikeUntil = Date.now() + STRIKE_PATIENCE;
      actions.announce("Strike out: press the letter of an answer.");
    } else if (option >= 0) {
      // The sixth option is f, too; Shift and f always flags.
      (wasStriking ? actions.strike : actions.choose)(option);
    } else if (moves[event.key]) {
      moves[event.key]();
    } else {
      return;
    }
    event.preventDefault();
  }

  document.addEventListener("keydown", press);
}
