/* Changes that the server has not acknowledged yet, kept in IndexedDB.

   Promises: `put` resolves when the browser holds the change durably; at most one change per item
   waits, the newest; a change leaves only by `settle` with its own revision or a higher one, or by
   `clear`. `pending` is a copy in memory and always current, because a page that is being closed
   cannot wait for a database. Another tab's newer change is never overwritten: the revision rises
   above it. Where there is no IndexedDB, `durable` is false and memory has to do. */

const NAME = "dryrun-room";
const STORE = "changes";
const PATIENCE = 3000;

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["attempt", "position"] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    setTimeout(() => reject(new Error("IndexedDB does not answer")), PATIENCE);
  });
}

/* Run one transaction; `work` gets the store and a function that sets the result. */
function transact(database, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, { durability: "strict" });
    let result;
    work(transaction.objectStore(STORE), (value) => { result = value; });
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error);
  });
}

export async function openQueue(attempt) {
  const mirror = new Map();
  let database = null;
  try {
    database = await openDatabase();
    const range = IDBKeyRange.bound([attempt, 0], [attempt, Infinity]);
    const kept = await transact(database, "readonly", (store, done) => {
      store.getAll(range).onsuccess = (event) => done(event.target.result);
    });
    kept.forEach((record) => mirror.set(record.position, record));
  } catch {
    database = null;
  }

  async function write(work) {
    try {
      await (database && transact(database, "readwrite", work));
    } catch {
      // A full disk must not stop the sending; the page says that nothing is kept here.
      queue.durable = false;
    }
  }

  function put(record) {
    mirror.set(record.position, record);
    return write((store) => {
      store.get([attempt, record.position]).onsuccess = ({ target }) => {
        if (target.result?.revision >= record.revision) {
          record.revision = target.result.revision + 1;
        }
        store.put(record);
      };
    });
  }

  function settle(position, revision) {
    if (mirror.get(position)?.revision <= revision) {
      mirror.delete(position);
    }
    return write((store) => {
      store.get([attempt, position]).onsuccess = ({ target }) => {
        if (target.result?.revision <= revision) {
          store.delete([attempt, position]);
        }
      };
    });
  }

  function clear() {
    mirror.clear();
    return write((store) => store.delete(IDBKeyRange.bound([attempt, 0], [attempt, Infinity])));
  }

  const queue = {
    durable: database !== null,
    get: (position) => mirror.get(position),
    pending: () => [...mirror.values()],
    put, settle, clear,
  };
  return queue;
}
