/* The system check of the start page.

   Promises: tries what the exam room relies on (storage, connection, clock) and says what it found in
   one sentence each; stops nobody, because the server decides and the room copes. */

const TRIES = 3;

function say(id, state, sentence) {
  const line = document.getElementById(id);
  line.dataset.state = state;
  line.querySelector("span").textContent = sentence;
}

/* Write, read and delete in a database of its own. */
function tryStorage() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("dryrun-check", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("tries");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const transaction = request.result.transaction("tries", "readwrite");
      const store = transaction.objectStore("tries");
      store.put("kept", "try");
      store.delete("try");
      transaction.oncomplete = () => { request.result.close(); resolve(); };
      transaction.onabort = () => reject(transaction.error);
    };
  });
}

async function checkStorage() {
  try {
    await tryStorage();
    say("check-storage", "good", "Works: answers are kept in this browser if the connection is lost.");
  } catch {
    say("check-storage", "warn", "This browser keeps nothing for this site, as in some private windows. The exam works, but keep its page open if the connection is lost.");
  }
}

/* The quickest of a few requests: its duration, and server time against the device's. */
async function ask() {
  let best = null;
  for (let turn = 0; turn < TRIES; turn += 1) {
    const sent = Date.now();
    const response = await fetch(document.getElementById("checks").dataset.probe, { cache: "no-store" });
    const took = Date.now() - sent;
    if (!response.ok) {
      throw new Error(`The server answers ${response.status}`);
    }
    if (!best || took < best.took) {
      best = { took, ahead: sent + took / 2 - Date.parse(response.headers.get("Date")) - 500 };
    }
  }
  return best;
}

function describe(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}

async function checkServer() {
  try {
    const { took, ahead } = await ask();
    const speed = took < 1000 ? "good" : "warn";
    say("check-connection", speed, `The server answers in ${took} ms${took < 1000 ? "." : ", which is slow; the exam copes."}`);
    const isClose = !(Math.abs(ahead) > 5000);
    say("check-clock", "good", isClose ? "Your device agrees with the server." : `Your device is ${describe(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} the server. The exam follows the server.`);
  } catch {
    say("check-connection", "warn", "The server does not answer at the moment. Reload this page before you start.");
    say("check-clock", "waiting", "Cannot be compared without a connection.");
  }
}

checkStorage();
checkServer();
