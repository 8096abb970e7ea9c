/* The exam room: reads the form in the page, wires the parts together, and owns the two flows that
   cross all of them, a change of an answer and a move to another screen.

   Promises: a change is in the queue before it is sent; moving between items sends nothing; what a
   reload finds in the queue wins over the page and is sent before anything is called saved. */

import { contentOf, createAnswers, sameContent } from "./answers.js";
import { createClock } from "./clock.js";
import { createConditions } from "./conditions.js";
import { createEnding } from "./ending.js";
import { listenToKeys } from "./keys.js";
import { createNavigator } from "./navigator.js";
import { openQueue } from "./queue.js";
import { createReceipts } from "./receipts.js";
import { createSender } from "./sender.js";
import { createTimer } from "./timer.js";
import { byId, createView, letterOf } from "./view.js";
import { createVisits } from "./visits.js";
import { createWire } from "./wire.js";

const MINUTE = 60000;
const ADDRESS = /^#(?:q(\d+)|(navigator|review)(?:-(incomplete|flagged))?)$/;

const form = JSON.parse(byId("exam-form").textContent);
const { attempt, urls } = form;
const clock = createClock(form);
const wire = createWire(clock, urls);
const answers = createAnswers(form);
const visits = createVisits(answers);
const conditions = createConditions({ attempt, wire, clock, urls });
const queue = await openQueue(attempt);
queue.pending().forEach((each) => !queue.get(each.position) && answers.restore(each) && queue.adopt(each));
const view = createView({ answers, actions: { strike: strikeOut } });
const navigator = createNavigator({ answers });
const receipts = createReceipts({ answers, queue, view, room: { record, change, repaint, leave: (address) => ending.leaveForResult(address) } });
const sender = createSender({ queue, wire, urls, onResult: receipts.take, onState });
const ending = createEnding({ answers, clock, sender, wire, urls, queue, conditions, view });
const timer = createTimer(view);
let position = null;
let lastPosition = Math.max(1, ...answers.positions.filter((each) => answers.get(each).seen));
let lastState = "";
let shownHash = "";
let stoppedBy = "";

/* Changes */

/* Queue the state of an item as its newest change; a quiet one carries only time. Until the server
   has answered, the next change keeps the revision of the one before: raised above what the server
   has named, it would beat a change of another device that this page has not heard of. `over` is
   what may be stored of this page's earlier changes, so that it is not taken for somebody else's. */
function record(item, isQuiet = false) {
  const waiting = queue.get(item.position);
  item.seen = true;
  const isLoud = !isQuiet || (waiting && !waiting.quiet);
  return queue.put({
    position: item.position, ...contentOf(item), seconds: item.seconds, quiet: !isLoud,
    revision: waiting?.revision ?? item.revision + 1, made_at: isQuiet ? clock.stampInTime() : clock.stamp(),
    base: item.stored, over: overOf(waiting), sent: false,
  });
}

function overOf(waiting) {
  if (!waiting) {
    return [];
  }
  const isKnown = !waiting.sent || waiting.over.some((each) => sameContent(each, waiting));
  return isKnown ? waiting.over : [...waiting.over, contentOf(waiting)];
}

async function change(item) {
  if (ending.isOver()) {
    return;
  }
  visits.count();
  const kept = record(item);
  view.silence(`refused-${item.position}`);
  repaint(item.position);
  sender.tell();
  await kept;
  await sender.kick();
}

function repaint(each) {
  view.paint(each);
  navigator.paint(each);
}

function choose(item, id, on) {
  const refusal = answers.choose(item.position, id, on);
  view.refuse(item.position, refusal);
  if (refusal) {
    view.paint(item.position);
  } else {
    change(item);
  }
}

/* By keyboard: choose the option at an index, or give it up where several are taken. */
function chooseByKey(index) {
  const item = answers.get(position);
  const id = item.ids[index];
  const isOn = !item.options.includes(id);
  if (isOn || !item.single) {
    choose(item, id, isOn);
    if (item.options.includes(id) === isOn) {
      view.announce(`Answer ${letterOf(index)} ${isOn ? "selected" : "not selected"}.`);
    }
  }
}

function strikeOut(each, index) {
  const item = answers.get(each);
  answers.strike(each, item.ids[index]);
  const isStruck = item.struck.includes(item.ids[index]);
  view.announce(`Answer ${letterOf(index)} ${isStruck ? "struck out" : "restored"}.`);
  change(item);
}

function flag() {
  if (position !== null) {
    answers.flag(position);
    view.announce(answers.get(position).flagged ? "Flagged for review." : "Flag removed.");
    change(answers.get(position));
  }
}

/* The connection */

function onState(state) {
  view.paintState(state, queue.durable);
  if (state.name === lastState) {
    return;
  }
  if (state.name === "offline") {
    conditions.note("offline");
    view.announce("The connection is lost. Your changes are kept in this browser and sent when it is back.");
    warnAboutReload();
  } else if (lastState === "offline" && state.name !== "stopped") {
    conditions.note("online");
    view.silence("reload");
    view.announce("The connection is back.");
  }
  conditions.deliver();
  if (state.name === "stopped") {
    sayStopped(state.sentence);
  } else {
    view.silence("stopped");
  }
  lastState = state.name;
}

function warnAboutReload() {
  const text = queue.durable
    ? "The server cannot be reached. Go on working: your changes are kept in this browser. Do not reload the page until the connection is back."
    : "The server cannot be reached and this browser keeps nothing. Go on working, and leave this page open until the connection is back.";
  view.notice("reload", { text });
}

function sayStopped(sentence) {
  stoppedBy = sentence;
  const isSignedOut = sentence === "signed out";
  view.notice("stopped", {
    kind: "bad",
    text: isSignedOut
      ? "Your session has ended. Everything is kept in this browser. Sign in again in another tab, or, as a guest, open your resume link there; then come back here."
      : `The server refuses to save: ${sentence} Everything is kept in this browser.`,
    link: isSignedOut ? { href: "/sign-in", label: "Sign in in another tab" } : undefined,
    buttons: [["Try again", tryAgain]],
  });
}

async function tryAgain() {
  if (!(await sender.probe())) {
    sayStopped(stoppedBy);
  }
}

/* Moving */

function leaveItem() {
  const left = visits.stop();
  if (left !== null && !ending.isOver()) {
    record(answers.get(left), true);
  }
}

function route() {
  const [, number, screen, filter] = ADDRESS.exec(location.hash) ?? [];
  const next = answers.get(Number(number))?.position ?? null;
  // One click on a link is heard as hashchange and as popstate; "#main" belongs to the skip link.
  if (location.hash === shownHash || (!next && !screen)) {
    return;
  }
  const isFirst = !shownHash;
  shownHash = location.hash;
  leaveItem();
  position = next;
  lastPosition = next ?? lastPosition;
  if (next) {
    answers.get(next).seen = true;
    view.showItem(next);
    view.refuse(next, "");
    navigator.visit(next);
    visits.start(next);
  } else {
    view.showScreen(screen);
    navigator.visit(null);
    navigator.filter(filter);
    ending.paint();
  }
  if (!isFirst) {
    view.focusHeading(next ? `q${next}` : screen);
  }
}

/* Move by a button or a key; links move by themselves. */
function go(hash) {
  history.pushState(null, "", hash);
  route();
}

function step(by) {
  const next = (position ?? lastPosition) + (position ? by : 0);
  if (next >= 1) {
    go(next > view.total ? "#review" : `#q${next}`);
  }
}

/* The page and its surroundings */

function onVisibility() {
  if (document.visibilityState === "hidden") {
    leaveForNow();
  } else {
    conditions.note("back");
    visits.start(position);
    clock.tick();
    // The candidate may come back from signing in, or the device from a sleep.
    sender.probe();
  }
}

function leaveForNow() {
  if (ending.isOver()) {
    return;
  }
  leaveItem();
  conditions.note("tab left");
  conditions.deliver(true);
  sender.leave();
}

function onTick(left) {
  timer.paint(left);
  visits.count();
  if (left <= 0 && !ending.isOver()) {
    leaveItem();
    ending.expire();
  }
}

function sweep() {
  if (position !== null && document.visibilityState === "visible" && !ending.isOver()) {
    visits.count();
    record(answers.get(position), true);
  }
  sender.sweep();
}

function listen() {
  byId("items").addEventListener("change", ({ target }) => choose(answers.get(position), target.value, target.checked));
  byId("flag").addEventListener("click", flag);
  byId("previous").addEventListener("click", () => step(-1));
  byId("next").addEventListener("click", () => step(1));
  document.querySelectorAll("[data-go]").forEach((button) => button.addEventListener("click", () => go(button.dataset.go || `#q${lastPosition}`)));
  document.querySelectorAll("[data-help]").forEach((button) => button.addEventListener("click", () => byId("help").showModal()));
  addEventListener("hashchange", route);
  addEventListener("popstate", route);
  addEventListener("online", () => sender.probe());
  addEventListener("offline", () => sender.lost());
  addEventListener("pagehide", () => sender.leave());
  document.addEventListener("visibilitychange", onVisibility);
  listenToKeys({
    optionCount: () => (position ? answers.get(position).ids.length : 0),
    actions: {
      choose: chooseByKey, strike: (index) => strikeOut(position, index), flag,
      next: () => step(1), previous: () => step(-1),
      navigator: () => go(document.body.dataset.screen === "navigator" ? `#q${lastPosition}` : "#navigator"),
      help: () => byId("help").showModal(), announce: view.announce,
    },
  });
}

function start() {
  if (performance.getEntriesByType("navigation")[0]?.type === "reload") {
    conditions.note("reload");
  }
  navigator.paintAll();
  ending.offerDiscard(Date.parse(form.discard_until));
  listen();
  clock.onTick = onTick;
  clock.onDoubt = () => sender.probe();
  if (!ADDRESS.test(location.hash)) {
    history.replaceState(null, "", `#q${lastPosition}`);
  }
  route();
  clock.tick();
  if (!queue.durable) {
    view.notice("storage", { text: "This browser does not let the page keep changes. They are sent as you make them; leave the page open if the connection is lost." });
  }
  sender.kick();
  setInterval(sweep, MINUTE);
}

start();
