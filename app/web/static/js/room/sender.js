/* Brings the queue to the server.

   Promises: one request at a time, oldest knowledge first; what is not acknowledged stays queued and
   is tried again with growing pauses, at once on `kick`; nothing is called saved before the server
   said so. `state` is one of saved, saving, offline, stopped (the session ended or the server
   refuses this page). Time-only changes (`quiet`) wait for the next `sweep`. A change is marked as
   sent before its request goes out. */

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;
const SIGNED_OUT = "signed out";

export function createSender({ queue, wire, urls, onResult, onState }) {
  let running = null;
  let pause = FIRST_PAUSE;
  let timer = 0;
  let sweeping = false;
  let failing = false;
  let stopped = "";
  let hasRenewed = false;
  const refused = new Set();
  // By position, the change whose request has no answer yet.
  const underWay = new Map();

  const isOpen = (record) => !refused.has(record.id);
  const loud = () => queue.pending().filter((record) => !record.quiet && isOpen(record));
  const due = () => (sweeping ? queue.pending().filter(isOpen) : loud());

  function tell() {
    const waiting = loud().length;
    const name = stopped ? "stopped" : failing ? "offline" : waiting ? "saving" : "saved";
    const kept = queue.pending().filter((record) => !record.quiet).length;
    onState({ name, waiting: kept, refused: kept - waiting, sentence: stopped });
  }

  /* What travels: everything of a record but the page's own notes. */
  function payload({ position, revision, options, flagged, struck, seconds, made_at }, isAlone) {
    const change = { revision, options, flagged, struck, seconds: Math.floor(seconds), made_at };
    return isAlone ? change : { position, ...change };
  }

  async function transmit(records, keepalive) {
    records.forEach(queue.markSent);
    // A record may be renumbered while its request is under way.
    const sent = records.map((record) => ({ ...record }));
    const isAlone = sent.length === 1;
    const answer = isAlone
      ? await wire.send(`${urls.responses}/${sent[0].position}`, { method: "PUT", body: payload(sent[0], true), keepalive })
      : await wire.send(urls.responses, { method: "POST", body: { changes: sent.map((each) => payload(each)) }, keepalive });
    answer.isPerChange = isAlone && [409, 410, 422].includes(answer.status);
    if (isAlone && (answer.status === 200 || answer.isPerChange)) {
      await settle(sent[0], answer.status, answer.data);
    } else if (!isAlone && answer.status === 200) {
      for (const [index, result] of answer.data.results.entries()) {
        await settle(sent[index], result.status, result);
      }
    }
    return answer;
  }

  async function settle(record, status, data) {
    if (![200, 409, 410].includes(status)) {
      refused.add(record.id);
    }
    await onResult(record, status, data);
  }

  /* Tell whether to go on: false after an answer that only the candidate can mend. */
  async function digest({ status, data, wait, isPerChange }) {
    if (status < 300 || isPerChange) {
      failing = hasRenewed = false;
      pause = FIRST_PAUSE;
      return true;
    }
    if (status === 401 || status === 403) {
      // Another tab may have signed in again: its session has a token this page has not seen.
      if (!hasRenewed && (await wire.renew())) {
        hasRenewed = true;
        return true;
      }
      stopped = status === 401 ? SIGNED_OUT : data.detail;
      return false;
    }
    if (status === 400 || status === 404 || status === 422) {
      stopped = data.detail;
      return false;
    }
    pause = Math.max(pause, wait * 1000);
    throw new Error(`The server answers ${status}`);
  }

  async function drain() {
    try {
      while (due().length && (await digest(await transmitAlone(due())))) {
        tell();
      }
      sweeping = false;
    } catch {
      fail();
    }
  }

  async function transmitAlone(records) {
    records.forEach(({ position, id }) => underWay.set(position, id));
    try {
      return await transmit(records, false);
    } finally {
      underWay.clear();
    }
  }

  /* The page may not live to hear the answer to an older change of the same item, which is most
     likely stored: the newer one must follow it at once. */
  function passOlder(record) {
    const before = underWay.get(record.position);
    if (before && before !== record.id && queue.isMine(record) && !record.sent) {
      record.revision += 1;
    }
  }

  function fail() {
    failing = true;
    clearTimeout(timer);
    timer = setTimeout(retry, pause * (0.8 + 0.4 * Math.random()));
  }

  function retry() {
    pause = Math.min(LONGEST_PAUSE, pause * 2);
    return due().length ? kick() : probe();
  }

  /* Send what waits, now; resolves when there is nothing left to try at the moment. */
  async function kick() {
    if (due().length) {
      clearTimeout(timer);
    }
    if (!running) {
      running = stopped ? Promise.resolve() : drain();
      tell();
      await running;
      running = null;
      tell();
      // A change may have come in between the last look at the queue and the end of the run.
      return due().length && !failing && !stopped ? kick() : undefined;
    }
    return running;
  }

  /* Find out whether the server and the session are there, then send what waits; tells whether the
     server takes changes. */
  async function probe() {
    try {
      stopped = (await wire.renew()) ? "" : SIGNED_OUT;
      failing = false;
      pause = FIRST_PAUSE;
      await kick();
    } catch {
      fail();
      tell();
    }
    return !stopped;
  }

  return {
    kick, probe, tell,
    /* Send the time-only changes too. */
    sweep() { sweeping = true; return kick(); },
    /* The page may be gone in a moment: send everything without waiting for anything. */
    async leave() {
      const records = queue.pending().filter(isOpen);
      if (records.length && !stopped) {
        records.forEach(passOlder);
        await transmit(records, true).then(tell, () => {});
      }
    },
    /* Send what waits here and in other tabs; resolves with true when the server has answered
       everything. */
    async flush() {
      await running;
      await queue.reload();
      sweeping = true;
      await kick();
      return !failing && !stopped && !due().length;
    },
    /* Let go of what the server will never take. */
    dropRefused() { return Promise.all(queue.pending().filter((each) => !isOpen(each)).map(queue.settle)); },
    /* The connection is known to be gone. */
    lost() { fail(); tell(); },
  };
}
