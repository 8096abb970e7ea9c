/* Changes that the server has not answered yet, kept in IndexedDB.

   Promises: `put` resolves when the browser holds the change durably; of this page at most one change
   per item waits, the newest; a change leaves only by `settle` with the very same change, or by
   `clear` once the server has closed the attempt. Other tabs' changes have rows of their own, which
   nothing here overwrites; `reload` reads them in, to be sent beside those of this page. `pending` is
   a copy in memory and always current, because a page that is being closed cannot wait for a
   database. Where there is no IndexedDB, `durable` is false and memory has to do. */

const NAME = "dryrun-room";
const VERSION = 2;
const STORE = "waiting";
const PATIENCE = 3000;

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["attempt", "id"] });
    request.onsuccess = () => {
      // A page of a later release may need to change the store while this one is open.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
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
  const page = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  const mine = new Map();
  const range = IDBKeyRange.bound([attempt], [attempt, []]);
  let others = [];
  let count = 0;
  const database = await openDatabase().catch(() => null);

  const isMine = ({ id }) => id.startsWith(page);

  /* Read in what other tabs, and earlier loads of this page, left waiting; newest first. */
  async function reload() {
    try {
      const kept = await (database && transact(database, "readonly", (store, done) => {
        store.getAll(range).onsuccess = ({ target }) => done(target.result);
      }));
      const held = new Set([...mine.values()].map(({ id }) => id));
      others = (kept ?? others).filter((record) => !isMine(record) && !held.has(record.id));
      others.sort((one, other) => other.revision - one.revision || (other.made_at > one.made_at ? 1 : -1));
    } catch {
      queue.durable = false;
    }
  }

  async function write(work) {
    try {
      await (database && transact(database, "readwrite", work));
    } catch {
      // A full disk must not stop the sending; the page says that nothing is kept here.
      queue.durable = false;
    }
  }

  /* Keep a change in the place of the one that waited for its item before. */
  function put(change) {
    const before = mine.get(change.position);
    const record = { ...change, attempt, id: `${page}-${++count}` };
    mine.set(record.position, record);
    return write((store) => {
      if (before) {
        store.delete([attempt, before.id]);
      }
      store.put(record);
    });
  }

  /* From here on the server may know this change, whether or not an answer comes. */
  function markSent(record) {
    if (record.sent) {
      return;
    }
    record.sent = true;
    write((store) => {
      // Another tab's change may have been answered there in the meantime.
      store.get([attempt, record.id]).onsuccess = ({ target }) => target.result && store.put({ ...target.result, sent: true });
    });
  }

  function settle({ position, id }) {
    if (mine.get(position)?.id === id) {
      mine.delete(position);
    }
    others = others.filter((record) => record.id !== id);
    return write((store) => store.delete([attempt, id]));
  }

  /* What an earlier load of this page left and this one shows again is a change of this page. */
  function adopt(record) {
    others = others.filter(({ id }) => id !== record.id);
    mine.set(record.position, record);
  }

  function clear() {
    mine.clear();
    others = [];
    return write((store) => store.delete(range));
  }

  const queue = {
    durable: database !== null,
    get: (position) => mine.get(position),
    pending: () => [...mine.values(), ...others],
    isMine, put, markSent, settle, adopt, reload, clear,
  };
  await reload();
  return queue;
}
