/* The item on the screen, the frame around it, and what the page says.

   Promises: shows exactly one section of the room at a time; paints only from the answers, never the
   other way round; adds what needs a script (strike-out buttons, the count in the legend) when an
   item is first shown; no request and no storage. */

import { inWords } from "./answers.js";

export const byId = (id) => document.getElementById(id);

/* Build an element: properties, then children. */
export function build(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const LETTERS = "ABCDEF";
export const letterOf = (index) => LETTERS[index];

export function createView({ answers, actions }) {
  const total = answers.positions.length;
  const title = document.title;
  let shown = null;
  let section = null;

  const inputs = (position) => byId(`q${position}`).querySelectorAll("input");

  function addStrikeButtons(position) {
    section.querySelectorAll(".opt").forEach((card, index) => {
      const button = build("button", { type: "button", className: "strike" }, "strike");
      button.setAttribute("aria-label", `Strike out answer ${letterOf(index)}`);
      button.addEventListener("click", () => actions.strike(position, index));
      card.append(button);
    });
    section.dataset.ready = "yes";
  }

  function paint(position) {
    const item = answers.get(position);
    if (byId(`q${position}`).dataset.ready !== "yes") {
      return;
    }
    for (const input of inputs(position)) {
      const isStruck = item.struck.includes(input.value);
      const card = input.closest(".opt");
      input.checked = item.options.includes(input.value);
      card.classList.toggle("struck", isStruck);
      const strike = card.querySelector(".strike");
      strike.setAttribute("aria-pressed", isStruck);
      strike.textContent = isStruck ? "struck" : "strike";
    }
    if (!item.single) {
      const count = `Select ${inWords(item.select)} · ${item.options.length} of ${item.select} selected`;
      byId(`q${position}`).querySelector("legend").textContent = count;
    }
    byId("flag").setAttribute("aria-pressed", answers.get(shown ?? position).flagged);
  }

  /* Show one section instead of the one before. Touching nothing else keeps a move cheap: a new
     attribute of the body makes the browser restyle all 65 items. */
  function open(id, name) {
    if (section) {
      section.hidden = true;
    } else {
      byId("boot").remove();
    }
    section = byId(id);
    section.hidden = false;
    if (document.body.dataset.screen !== name) {
      document.body.dataset.screen = name;
    }
  }

  function focusHeading(id) {
    scrollTo(0, 0);
    byId(id).querySelector("h2").focus({ preventScroll: true });
  }

  function showItem(position) {
    shown = position;
    open(`q${position}`, "item");
    if (section.dataset.ready !== "yes") {
      addStrikeButtons(position);
    }
    document.title = title.replace(" – Dryrun", `, question ${position} – Dryrun`);
    byId("where").textContent = `${position} of ${total}`;
    byId("previous").disabled = position === 1;
    byId("next-label").textContent = position === total ? "Review" : "Next";
    paint(position);
  }

  function showScreen(name) {
    shown = null;
    open(name, name);
    document.title = title;
  }

  function paintState({ name, waiting, refused }, isDurable) {
    const changes = `${waiting} ${waiting === 1 ? "change" : "changes"}`;
    const place = isDurable ? "kept here" : "kept in this page only";
    const sentences = {
      saved: "All answers saved",
      saving: "Saving…",
      offline: waiting ? `Offline: ${changes} ${place}` : "Offline: changes will be kept here",
      stopped: waiting ? `Not saved: ${changes} ${place}` : "Not connected",
    };
    const hasRefused = name === "saved" && refused > 0;
    byId("state").dataset.state = hasRefused ? "stopped" : name;
    byId("state-text").textContent = hasRefused ? `${refused} not saved` : sentences[name];
  }

  /* Say something to a screen reader, politely; the same sentence twice is said twice. */
  function announce(sentence) {
    const region = byId("announce");
    region.textContent = region.textContent === sentence ? `${sentence}\u00a0` : sentence;
  }

  /* Show a message until it is dealt with; one per key. Buttons are [label, action] pairs. */
  function notice(key, { kind = "warn", text, link, buttons = [] }) {
    silence(key);
    const row = build("div", { className: "actions" });
    if (link) {
      row.append(build("a", { className: "btn", href: link.href, target: "_blank" }, link.label));
    }
    for (const [label, action] of buttons) {
      row.append(build("button", { type: "button", className: "btn", onclick: () => { silence(key); action(); } }, label));
    }
    const box = build("div", { className: `notice ${kind}` }, build("p", {}, text), ...(row.childElementCount ? [row] : []));
    box.dataset.key = key;
    byId("notices").append(box);
  }

  /* Say beside the options why a choice was not taken; an empty sentence takes it back. */
  function refuse(position, sentence) {
    const line = byId("refusal");
    line.textContent = sentence;
    line.hidden = !sentence;
    byId(`q${position}`).append(line);
    if (sentence) {
      announce(sentence);
    }
  }

  function silence(key) {
    document.querySelector(`#notices [data-key="${key}"]`)?.remove();
  }

  /* No answer can be changed any more. */
  function lock() {
    document.querySelectorAll(".item fieldset, #flag, .strike").forEach((control) => { control.disabled = true; });
  }

  return { paint, refuse, showItem, showScreen, focusHeading, paintState, announce, notice, silence, lock, total };
}
