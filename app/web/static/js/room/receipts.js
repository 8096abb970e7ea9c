/* What the server answers to a change, and what this page makes of it.

   Promises: a change leaves the queue when it is stored, overtaken or too late; somebody else's
   stored change is never overwritten without being shown; a change that decided something and was
   not stored is offered again; a time-only change gives way without a word. */

import { contentOf, sameContent } from "./answers.js";
import { letterOf } from "./view.js";

const NOTHING = { options: [], flagged: false, struck: [], revision: 0 };

export function createReceipts({ answers, queue, view, room }) {
  /* Tell whether a change of this page was made on top of another one. */
  const isOver = (mine, content) => Boolean(mine?.over.some((each) => sameContent(each, content)));

  async function take(sent, status, data) {
    if (status === 200) {
      await acknowledge(sent, data);
    } else if (status === 409) {
      await reconcile(sent, data.stored ?? NOTHING);
    } else if (status === 410) {
      await queue.settle(sent);
      // Not awaited: the rest of the queue is sent first, by the caller of this.
      room.leave(data.result);
    } else if (sent.quiet) {
      await queue.settle(sent);
    } else {
      view.notice(`refused-${sent.position}`, { kind: "bad", text: `Question ${sent.position} is not saved. ${data.detail}` });
    }
  }

  async function acknowledge(sent, data) {
    const item = answers.get(sent.position);
    const written = [queue.settle(sent)];
    const newer = queue.get(sent.position);
    if (data.revision >= item.revision) {
      item.revision = data.revision;
      item.stored = contentOf(sent);
    }
    if (isOver(newer, sent) && newer.revision <= data.revision) {
      written.push(queue.put({ ...newer, revision: data.revision + 1, base: item.stored, over: [], sent: false }));
    } else if (!newer && !queue.isMine(sent)) {
      answers.adopt({ ...sent, ...item.stored, revision: item.revision });
      room.repaint(sent.position);
    }
    await Promise.all(written);
  }

  /* Somebody else's change was first. Where it decides nothing that was decided here, or the same,
     build on it without a word; otherwise show it and offer the change made here again. */
  async function reconcile(sent, theirs) {
    const item = answers.get(sent.position);
    const waiting = queue.get(sent.position);
    const isWaiting = waiting?.id === sent.id || isOver(waiting, sent);
    const mine = isWaiting ? waiting : sent;
    const written = [queue.settle(sent), queue.settle(mine)];
    const isOvertaken = !isWaiting && queue.isMine(sent);
    const isNews = !isOvertaken && !sameContent(mine, mine.base) && !sameContent(mine, theirs);
    // Another tab's change must not push aside what this page has decided and not sent yet.
    const isFree = isWaiting || !waiting || waiting.quiet;
    if (isFree && !isOvertaken) {
      answers.adopt({ ...theirs, position: mine.position });
    }
    if (isNews && isFree && (sameContent(theirs, mine.base) || isOver(mine, theirs))) {
      Object.assign(item, contentOf(mine));
      written.push(room.record(item));
    } else if (isNews) {
      offer(item, mine);
    }
    room.repaint(mine.position);
    await Promise.all(written);
  }

  function describe(item, content) {
    const letters = content.options.map((id) => letterOf(item.ids.indexOf(id))).sort().join(" and ");
    return (letters || "no answer") + (content.flagged ? ", flagged" : "");
  }

  function offer(item, mine) {
    const text = `Question ${item.position} was changed in another tab or on another device first, to ${describe(item, item)}. That is shown now. Your change here was ${describe(item, mine)}.`;
    const takeMine = () => { Object.assign(item, contentOf(mine)); room.change(item); };
    view.notice(`conflict-${item.position}`, { text, buttons: [["Use my change", takeMine], ["Keep what is shown", () => {}]] });
  }

  return { take };
}
