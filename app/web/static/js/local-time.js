/* Rewrites the times of a page, which the server writes in UTC, in the reader's own zone. */

const written = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function localise(root) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) {
      time.textContent = written.format(at);
      time.title = time.dateTime;
    }
  }
}

localise(document);
