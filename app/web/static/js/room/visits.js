/* How long each item was on the screen.

   Promises: time runs only while an item is shown and the page is visible; a device that slept adds
   nothing; `seconds` of an item only grows. */

const LONGEST_STEP = 5000;

export function createVisits(answers) {
  let position = null;
  let since = 0;

  /* Add the time since the last look to the item on the screen. */
  function count() {
    const now = performance.now();
    if (position !== null) {
      answers.get(position).seconds += Math.min(now - since, LONGEST_STEP) / 1000;
    }
    since = now;
  }

  return {
    count,
    start(next) { count(); position = next; },
    /* Returns the item that was left, or null. */
    stop() {
      count();
      const left = position;
      position = null;
      return left;
    },
  };
}
