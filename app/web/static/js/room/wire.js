/* The one way out to the server.

   Promises: `send` resolves with status and data for every answer and rejects only when none came
   (lost connection, time-out); a redirect is told, not followed; each answer teaches the clock; the CSRF token is the newest known. */

const PATIENCE = 10000;

export function createWire(clock, urls) {
  let token = document.querySelector('meta[name="csrf-token"]').content;

  async function send(url, { method = "GET", body, keepalive = false } = {}) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), PATIENCE);
    const sent = Date.now();
    try {
      const response = await fetch(url, {
        method,
        keepalive,
        signal: control.signal,
        redirect: "manual",
        headers: { Accept: "application/json", "X-CSRFToken": token, ...(body && { "Content-Type": "application/json" }) },
        body: body && JSON.stringify(body),
      });
      const received = Date.now();
      const data = (await response.json().catch(() => null)) ?? {};
      teach(data, response, sent, received);
      return { status: response.status, isRedirect: response.type === "opaqueredirect", data, wait: Number(response.headers.get("Retry-After")) || 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  function teach(data, response, sent, received) {
    clock.learn(data.server_time ?? response.headers.get("Date"), sent, received, Boolean(data.server_time));
    for (const { deadline } of [data, ...(data.results ?? [])]) {
      if (deadline) {
        clock.moveDeadline(deadline);
      }
    }
  }

  /* Ask who is signed in and take the fresh token; tells whether there is a session at all. */
  async function renew() {
    const { status, data } = await send(urls.session);
    if (status >= 500) {
      throw new Error("The server does not answer");
    }
    if (status !== 200 || !data.csrf_token || data.user === null) {
      return false;
    }
    token = data.csrf_token;
    document.querySelectorAll('input[name="csrf_token"]').forEach((field) => { field.value = token; });
    return true;
  }

  return { send, renew };
}
