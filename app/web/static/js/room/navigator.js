/* The navigator: the grid beside the item, and the full screen as grid and as table.

   Promises: every cell is a link; a status is a word and a shape, never a colour alone; filters are
   links as well, so that back works. "Incomplete" lists what is not complete, unseen included. */

import { COMPLETE } from "./answers.js";
import { build, byId } from "./view.js";

const BEGINNING = 90;

export function createNavigator({ answers }) {
  const rows = new Map();
  const places = [...document.querySelectorAll("[data-count]")];
  let current = null;

  function cell(position) {
    return build("a", { href: `#q${position}`, className: "cell" }, String(position));
  }

  function tableRow(position) {
    const stem = byId(`s${position}`).textContent.trim().replace(/\s+/g, " ");
    const link = build("a", { href: `#q${position}` }, `Question ${position}`);
    const heading = build("th", { scope: "row" }, link);
    const cells = [build("td"), build("td", { className: "mark" }), build("td", { className: "begin" }, `${stem.slice(0, BEGINNING)}…`)];
    return build("tr", {}, heading, ...cells);
  }

  for (const position of answers.positions) {
    const [small, large, row] = [cell(position), cell(position), tableRow(position)];
    byId("cells").append(build("li", {}, small));
    byId("grid").append(build("li", {}, large));
    byId("rows").append(row);
    rows.set(position, { cells: [small, large], row, entry: large.parentElement });
  }

  function paint(position) {
    const { cells, row } = rows.get(position);
    const status = answers.status(position);
    const { flagged } = answers.get(position);
    for (const each of cells) {
      each.dataset.status = status;
      each.toggleAttribute("data-flagged", flagged);
      each.setAttribute("aria-label", `Question ${position}, ${status.toLowerCase()}${flagged ? ", flagged" : ""}`);
      if (position === current) {
        each.setAttribute("aria-current", "true");
      } else {
        each.removeAttribute("aria-current");
      }
    }
    row.children[1].textContent = status;
    row.children[1].dataset.status = status;
    row.children[2].textContent = flagged ? "Flagged" : "";
  }

  function counts() {
    const { Complete, Incomplete, Unseen, flagged } = answers.summary();
    const numbers = { Complete, Incomplete, Unseen, flagged, open: [...Incomplete, ...Unseen] };
    for (const place of places) {
      const text = String(numbers[place.dataset.count].length);
      // Writing the same again would cost a layout.
      if (place.textContent !== text) {
        place.textContent = text;
      }
    }
  }

  function paintAll() {
    answers.positions.forEach(paint);
    counts();
  }

  /* Show all, "incomplete" or "flagged". */
  function filter(name) {
    let matches = 0;
    for (const [position, { row, entry }] of rows) {
      const isOpen = answers.status(position) !== COMPLETE;
      const isShown = name === "incomplete" ? isOpen : name === "flagged" ? answers.get(position).flagged : true;
      row.hidden = entry.hidden = !isShown;
      matches += isShown;
    }
    byId("none-match").hidden = matches > 0;
    document.querySelectorAll("#filters a").forEach((link) => {
      const isCurrent = link.dataset.filter === (name || "all");
      isCurrent ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    });
    useTable(byId("as-table").getAttribute("aria-pressed") === "true");
  }

  function useTable(wanted) {
    byId("as-table").setAttribute("aria-pressed", wanted);
    byId("as-grid").setAttribute("aria-pressed", !wanted);
    byId("table").hidden = !wanted || !byId("none-match").hidden;
    byId("grid").hidden = wanted || !byId("none-match").hidden;
  }

  byId("as-grid").addEventListener("click", () => useTable(false));
  byId("as-table").addEventListener("click", () => useTable(true));

  return {
    filter, paintAll,
    paint(position) { paint(position); counts(); },
    /* Mark the item on the screen. */
    visit(position) {
      const before = current;
      current = position;
      [before, position].forEach((each) => each && paint(each));
      counts();
    },
  };
}
