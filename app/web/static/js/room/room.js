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
queue.pending().forEach(answers.restore);
const view = createView({ answers, actions: { strike: strikeOut } });
const navigator = createNavigator({ answers });
const sender = createSender({ queue, wire, urls, onResult, onState });
const ending = createEnding({ answers, clock, sender, wire, urls, queue, conditions, view });
const timer = createTimer(view);
let position = null;
let lastPosition = Math.max(1, ...answers.positions.filter((each) => answers.get(each).seen));
let lastState = "";
let shownHash = "";
let stoppedBy = "";

/* Changes */

/* Queue the state of an item as its newest change; a quiet one carries only time. */
function record(item, isQuiet = false) {
  const waiting = queue.get(item.position);
  item.revision = Math.max(item.revision, waiting?.revision ?? 0) + 1;
  item.seen = true;
  const { revision, seconds, stored } = item;
  const isLoud = !isQuiet || (waiting && !waiting.quiet);
  return queue.put({ attempt, position: item.position, ...contentOf(item), revision, seconds, made_at: isQuiet ? clock.stampInTime() : clock.stamp(), base: stored, quiet: !isLoud });
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

/* Answers of the server */

async function onResult(sent, status, data) {
  if (status === 200) {
    await acknowledge(sent, data);
  } else if (status === 409) {
    await reconcile(queue.get(sent.position) ?? sent, data.stored);
  } else if (status === 410) {
    await ending.leaveForResult(data.result);
  } else if (!sent.quiet) {
    view.notice(`refused-${sent.position}`, { kind: "bad", text: `Question ${sent.position} is not saved. ${data.detail}` });
  }
}

async function acknowledge(sent, data) {
  const item = answers.get(sent.position);
  item.revision = Math.max(item.revision, data.revision);
  item.stored = contentOf(sent);
  const newer = queue.get(sent.position);
  if (newer) {
    newer.base = item.stored;
  }
  await queue.settle(sent.position, sent.revision);
}

/* Somebody else's change was first. Where it decides nothing that was decided here, or the same,
   build on it without a word; otherwise show it and offer the change made here again. */
async function reconcile(mine, stored) {
  const item = answers.get(mine.position);
  const theirs = stored ?? { options: [], flagged: false, struck: [], revision: 0 };
  const isNews = !sameContent(mine, mine.base) && !sameContent(mine, theirs);
  const written = [queue.settle(mine.position, mine.revision)];
  answers.adopt({ ...theirs, position: mine.position });
  if (isNews && sameContent(theirs, mine.base)) {
    Object.assign(item, contentOf(mine));
    written.push(record(item));
  } else if (isNews) {
    offerMine(item, mine);
  }
  repaint(mine.position);
  await Promise.all(written);
}

function describe(item, content) {
  const letters = content.options.map((id) => letterOf(item.ids.indexOf(id))).sort().join(" and ");
  return (letters || "no answer") + (content.flagged ? ", flagged" : "");
}

function offerMine(item, mine) {
  const text = `Question ${item.position} was changed in another tab or on another device first, to ${describe(item, item)}. That is shown now. Your change here was ${describe(item, mine)}.`;
  const takeMine = () => { Object.assign(item, contentOf(mine)); change(item); };
  view.notice(`conflict-${item.position}`, { text, buttons: [["Use my change", takeMine], ["Keep what is shown", () => {}]] });
}

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
      ? "Your session has ended. Everything is kept in this browser. Sign in again in another tab, then come back here."
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
