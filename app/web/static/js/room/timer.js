/* The clock on the screen.

   Promises: counts in whole seconds without being a live region; can be hidden, and comes back by
   itself when five minutes are left; says the time politely at 30, 10, 5 and 1 minute only. */

import { byId } from "./view.js";

const MINUTE = 60000;
const ANNOUNCED = [30, 10, 5, 1];
const KEY = "dryrun-clock-hidden";

export function formatTime(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours, ...rest] = parts.map((part) => String(part).padStart(2, "0"));
  return [Number(hours), ...rest].join(":");
}

export function createTimer({ announce }) {
  const toggle = byId("clock-toggle");
  let before = null;
  let isHidden = remembered();

  function remembered() {
    try {
      return sessionStorage.getItem(KEY) === "yes";
    } catch {
      return false;
    }
  }

  function hide(wanted) {
    isHidden = wanted;
    byId("clock").hidden = wanted;
    toggle.textContent = wanted ? "Show clock" : "Hide";
    toggle.setAttribute("aria-label", wanted ? "Show clock" : "Hide clock");
    try {
      sessionStorage.setItem(KEY, wanted ? "yes" : "no");
    } catch {
      // Then the choice holds for this page only.
    }
  }

  function paint(left) {
    byId("clock").textContent = formatTime(left);
    byId("clock").classList.toggle("short", left <= 5 * MINUTE);
    const crossed = before === null ? [] : ANNOUNCED.filter((minutes) => before > minutes * MINUTE && left <= minutes * MINUTE);
    if (crossed.length && left > 0) {
      const minutes = Math.min(...crossed);
      announce(minutes === 1 ? "1 minute left." : `${minutes} minutes left.`);
    }
    if (isHidden && left <= 5 * MINUTE && (before === null || before > 5 * MINUTE)) {
      hide(false);
    }
    before = left;
  }

  toggle.addEventListener("click", () => hide(!isHidden));
  hide(isHidden);
  return { paint };
}
