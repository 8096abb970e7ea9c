/* Server time in this page.

   Promises: `now` follows the server whatever the device clock says; each answer of the server
   narrows the offset; the deadline may move. A jump of the device clock backwards is undone at once;
   one forwards may be a sleep of the device, so the owner is asked to hear from the server
   (`onDoubt`). Nothing here ends an exam: `onTick` only tells the milliseconds that are left. */

const JUMP = 1500;

export function createClock({ server_time: serverTime, deadline }) {
  const navigation = performance.getEntriesByType("navigation")[0];
  const sincePage = navigation ? performance.now() - navigation.responseStart : 0;
  let offset = Date.parse(serverTime) - (Date.now() - sincePage);
  let end = Date.parse(deadline);
  let seen = { date: Date.now(), steady: performance.now() };
  let timer = 0;

  /* Learn from one answer, sent and received at device times. A header gives whole seconds only. */
  function learn(text, sent, received, isExact) {
    const coarse = isExact ? 0 : 500;
    const estimate = Date.parse(text) + coarse - (sent + received) / 2;
    const slack = (received - sent) / 2 + coarse;
    if (!Number.isNaN(estimate)) {
      offset = Math.min(Math.max(offset, estimate - slack), estimate + slack);
    }
  }

  /* Compare the device clock with the steady one since the last look. */
  function watchDevice() {
    const look = { date: Date.now(), steady: performance.now() };
    const jump = look.date - seen.date - (look.steady - seen.steady);
    seen = look;
    if (jump < -JUMP) {
      offset -= jump;
    }
    if (Math.abs(jump) > JUMP) {
      clock.onDoubt();
    }
  }

  function tick() {
    clearTimeout(timer);
    watchDevice();
    const left = clock.left();
    clock.onTick(left);
    timer = setTimeout(tick, (((left % 1000) + 1000) % 1000) + 20);
  }

  const clock = {
    onTick() {},
    onDoubt() {},
    now: () => Date.now() + offset,
    stamp: () => new Date(Date.now() + offset).toISOString(),
    // Time spent is counted up to the deadline, never beyond it.
    stampInTime: () => new Date(Math.min(Date.now() + offset, end)).toISOString(),
    left: () => end - (Date.now() + offset),
    moveDeadline(text) { end = Date.parse(text) || end; },
    learn, tick,
  };
  return clock;
}
