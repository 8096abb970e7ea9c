/* The account menu closes on Escape and on a click elsewhere; without script it is a disclosure. */

for (const menu of document.querySelectorAll("details[data-menu]")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  });
}

/* A page that comes back with errors starts at their summary. */
document.getElementById("error-summary")?.focus();

/* A private link is one click to select. */
for (const link of document.querySelectorAll("input.private-link")) {
  link.addEventListener("focus", () => link.select());
}
