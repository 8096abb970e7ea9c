/* What the candidate has decided so far, item by item.

   Promises: pure state, no page, no network, no storage. A change either happens as a whole or is
   refused with a sentence; the revision of an item is the highest one the server has named, and a
   change that waits to be sent does not raise it. */

export const COMPLETE = "Complete";
export const INCOMPLETE = "Incomplete";
export const UNSEEN = "Unseen";

const WORDS = ["no answers", "one answer", "two answers", "three answers", "four answers"];

/* Says "one answer", "two answers". */
export const inWords = (count) => WORDS[count] ?? `${count} answers`;

/* The part of a response that a candidate decides; time spent is not part of it. */
export function contentOf({ options, flagged, struck }) {
  return { options: [...options].sort(), flagged, struck: [...struck].sort() };
}

export function sameContent(one, other) {
  return JSON.stringify(contentOf(one)) === JSON.stringify(contentOf(other));
}

const BLANK = { options: [], flagged: false, struck: [] };

export function createAnswers({ items, responses }) {
  const all = new Map();
  for (const { position, select, kind, options } of items) {
    const ids = options.map((option) => option.id);
    const state = { ...contentOf(BLANK), revision: 0, seconds: 0, stored: contentOf(BLANK), seen: false };
    all.set(position, { position, select, single: kind === "single", ids, ...state });
  }
  responses.forEach(adopt);

  /* Take what the server stores as the state of an item. */
  function adopt(response) {
    const item = all.get(response.position);
    const content = contentOf(response);
    item.revision = Math.max(item.revision, response.revision);
    item.seconds = Math.max(item.seconds, response.seconds ?? 0);
    item.seen = item.seen || response.revision > 0;
    Object.assign(item, content, { stored: content });
  }

  /* Put back a change that was made here and is not acknowledged yet; tells whether it is newer than
     what the server stores. */
  function restore(record) {
    const item = all.get(record.position);
    const isNewer = Boolean(item) && record.revision > item.revision;
    if (isNewer) {
      item.seconds = Math.max(item.seconds, record.seconds);
      Object.assign(item, contentOf(record), { seen: true });
    }
    return isNewer;
  }

  /* Choose or give up an option; returns a sentence when the item has enough already. */
  function choose(position, id, on) {
    const item = all.get(position);
    if (item.single) {
      item.options = on ? [id] : [];
      return "";
    }
    const others = item.options.filter((option) => option !== id);
    if (on && others.length >= item.select) {
      return `This question takes ${inWords(item.select)}. Take one back before you choose another.`;
    }
    item.options = on ? [...others, id].sort() : others;
    return "";
  }

  function strike(position, id) {
    const item = all.get(position);
    const others = item.struck.filter((option) => option !== id);
    item.struck = others.length < item.struck.length ? others : [...others, id].sort();
  }

  function status(position) {
    const item = all.get(position);
    if (item.options.length >= item.select) {
      return COMPLETE;
    }
    return item.seen ? INCOMPLETE : UNSEEN;
  }

  /* The positions in each status, and the flagged ones. */
  function summary() {
    const lists = { [COMPLETE]: [], [INCOMPLETE]: [], [UNSEEN]: [], flagged: [] };
    for (const item of all.values()) {
      lists[status(item.position)].push(item.position);
      if (item.flagged) {
        lists.flagged.push(item.position);
      }
    }
    return lists;
  }

  return {
    get: (position) => all.get(position),
    positions: [...all.keys()],
    adopt, restore, choose, strike, status, summary,
    flag(position) { all.get(position).flagged = !all.get(position).flagged; },
  };
}
