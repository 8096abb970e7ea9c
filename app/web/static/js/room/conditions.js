/* What happens around the sitting: tab left, back, reload, offline, online.

   Promises: every event waits in session storage until the server has it, in order; it is recorded,
   never policed, and never in the way of an answer. */

const LIMIT = 200;

export function createConditions({ attempt, wire, clock, urls }) {
  const key = `dryrun-events-${attempt}`;
  let events = [];
  let isClosed = false;
  try {
    events = JSON.parse(sessionStorage.getItem(key)) ?? [];
  } catch {
    // Without session storage a reload forgets the events; the answers are kept elsewhere.
  }

  function keep() {
    try {
      sessionStorage.setItem(key, JSON.stringify(events));
    } catch {
      // As above.
    }
  }

  async function deliver(keepalive = false) {
    const sent = events.slice(0, LIMIT);
    if (!sent.length || isClosed) {
      return;
    }
    events = events.slice(sent.length);
    try {
      const { status } = await wire.send(urls.events, { method: "POST", body: sent, keepalive });
      if (status === 401 || status === 403 || status === 429 || status >= 500) {
        throw new Error("Not taken");
      }
    } catch {
      events = [...sent, ...events].slice(-LIMIT);
    }
    keep();
  }

  return {
    deliver,
    note(kind) {
      if (!isClosed) {
        events.push({ kind, made_at: clock.stamp() });
        keep();
      }
    },
    /* The candidate ends the sitting: leaving the page is no event any more. */
    close() {
      isClosed = true;
      try {
        sessionStorage.removeItem(key);
      } catch {
        // Nothing was kept.
      }
    },
  };
}
