/* The review screen, the end of the sitting and taking back its start.

   Promises: the end is confirmed by a dialog that names what is open; nothing ends before every
   change is acknowledged, and a deadline only after the server's time says so; a form carries the
   candidate out, so the server alone decides. */

import { build, byId } from "./view.js";

const AGAIN = 3000;

const count = (list, one, many) => (list.length === 1 ? `1 question is ${one}` : `${list.length} questions are ${many}`);

export function createEnding({ answers, clock, sender, wire, urls, queue, conditions, view }) {
  let isOver = false;

  function link(position) {
    const element = build("a", { href: `#q${position}`, className: "cell-link" }, String(position));
    element.setAttribute("aria-label", `Question ${position}`);
    return element;
  }

  function fillList(id, positions) {
    byId(id).replaceChildren(...positions.map((position) => build("li", {}, link(position))));
    byId(`${id}-part`).hidden = positions.length === 0;
  }

  /* What is open, as sentences. */
  function sentences({ Incomplete, Unseen, flagged }) {
    const parts = [];
    if (Incomplete.length) { parts.push(`${count(Incomplete, "incomplete", "incomplete")}.`); }
    if (Unseen.length) { parts.push(`${count(Unseen, "unseen", "unseen")}.`); }
    if (parts.length) { parts.push("They count as wrong."); }
    if (flagged.length) { parts.push(`${count(flagged, "still flagged", "still flagged")}.`); }
    return parts.join(" ") || "Every question is complete and none is flagged.";
  }

  function paint() {
    const lists = answers.summary();
    fillList("incomplete-list", lists.Incomplete);
    fillList("unseen-list", lists.Unseen);
    fillList("flagged-list", lists.flagged);
    byId("review-lead").textContent = sentences(lists);
  }

  function ask() {
    byId("end-text").textContent = sentences(answers.summary());
    byId("end-problem").hidden = true;
    byId("end-dialog").showModal();
  }

  /* Leave for the server's answer; the queue has nothing left to say. */
  async function goWith(form) {
    isOver = true;
    conditions.close();
    await queue.clear();
    form.submit();
  }

  async function end(event) {
    event.preventDefault();
    const button = byId("end-now");
    button.disabled = true;
    byId("end-problem").hidden = true;
    if (await sender.flush()) {
      await goWith(byId("end-form"));
      return;
    }
    button.disabled = false;
    byId("end-problem").hidden = false;
  }

  /* The clock says that time is up: flush, make sure of the time, end. */
  async function expire() {
    isOver = true;
    view.lock();
    document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
    byId("over-dialog").showModal();
    for (;;) {
      const isHeard = await wire.renew().catch(() => false);
      const isFlushed = (await sender.flush()) && isHeard;
      if (isFlushed && clock.left() <= 0) {
        return goWith(byId("end-form"));
      }
      if (clock.left() > AGAIN) {
        // The device clock was wrong, or there is more time now.
        return location.reload();
      }
      byId("over-wait").hidden = isFlushed;
      await new Promise((resolve) => { setTimeout(resolve, isFlushed ? 200 : AGAIN); });
    }
  }

  /* The server closed the attempt: the result says what counted. */
  async function leaveForResult(address) {
    isOver = true;
    conditions.close();
    await queue.clear();
    location.replace(address ?? urls.result);
  }

  function offerDiscard(until) {
    const form = byId("discard-form");
    byId("discard").hidden = clock.now() >= until;
    setTimeout(() => { byId("discard").hidden = true; }, Math.max(0, until - clock.now()));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      byId("discard-dialog").showModal();
    });
    byId("discard-now").addEventListener("click", () => goWith(form));
  }

  byId("end-ask").addEventListener("click", ask);
  byId("end-form").addEventListener("submit", end);

  return { paint, expire, leaveForResult, offerDiscard, isOver: () => isOver };
}
