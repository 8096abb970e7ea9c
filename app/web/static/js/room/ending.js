/* The review screen, the end of the sitting and taking back its start.

   Promises: the end is confirmed by a dialog that names what is open; nothing ends before the server
   has answered every change, other tabs' too, and a deadline only after the server's time says so; a
   form carries the candidate out, so the server alone decides. What waits is thrown away only after
   the server has said that the attempt is closed or discarded. */

import { build, byId } from "./view.js";

const AGAIN = 3000;

const count = (list, one, many) => (list.length === 1 ? `1 question is ${one}` : `${list.length} questions are ${many}`);
const rest = (pause) => new Promise((resolve) => { setTimeout(resolve, pause); });

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

  /* Hand in; every change has its answer. */
  async function handIn() {
    isOver = true;
    conditions.close();
    await sender.dropRefused();
    byId("end-form").submit();
  }

  async function end(event) {
    event.preventDefault();
    const button = byId("end-now");
    button.disabled = true;
    byId("end-problem").hidden = true;
    if (await sender.flush()) {
      await handIn();
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
        return handIn();
      }
      if (clock.left() > AGAIN) {
        // The device clock was wrong, or there is more time now.
        return location.reload();
      }
      byId("over-wait").hidden = isFlushed;
      await rest(isFlushed ? 200 : AGAIN);
    }
  }

  /* The server closed the attempt: bring it the rest, for the record; the result says what counted. */
  async function leaveForResult(address) {
    if (isOver) {
      return;
    }
    isOver = true;
    view.lock();
    view.notice("closed", { text: "This exam has ended. What is still kept here is being sent; the result opens by itself." });
    conditions.close();
    while (!(await sender.flush())) {
      await rest(AGAIN);
    }
    await queue.clear();
    location.replace(address ?? urls.result);
  }

  /* Ask the server first; its redirect says that the start is taken back. */
  async function discard(form) {
    isOver = true;
    byId("discard-now").disabled = true;
    const answer = await wire.send(form.action, { method: "POST" }).catch(() => null);
    if (answer?.isRedirect) {
      conditions.close();
      await queue.clear();
      // A second time changes nothing and leads to where the server wants the candidate.
      form.submit();
      return;
    }
    isOver = false;
    byId("discard-now").disabled = false;
    byId("discard-dialog").close();
    view.notice("discard", { kind: "bad", text: `The exam is not discarded. ${answer?.data.detail ?? "The server cannot be reached."}` });
  }

  function offerDiscard(until) {
    const form = byId("discard-form");
    byId("discard").hidden = clock.now() >= until;
    setTimeout(() => { byId("discard").hidden = true; }, Math.max(0, until - clock.now()));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      byId("discard-dialog").showModal();
    });
    byId("discard-now").addEventListener("click", () => discard(form));
  }

  byId("end-ask").addEventListener("click", ask);
  byId("end-form").addEventListener("submit", end);

  return { paint, expire, leaveForResult, offerDiscard, isOver: () => isOver };
}
