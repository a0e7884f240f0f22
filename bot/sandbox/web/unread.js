// What each person has not looked at yet. Kept for as long as the tab lives.

import { chatsOf, messagesOf, topicOf } from "./model.js";

const STORE = "seen";
const seen = JSON.parse(sessionStorage.getItem(STORE) ?? "{}");

const place = (person, chat, topic) => `${person}/${chat}/${topic ?? ""}`;

function isNew(person, chat, message) {
  const last = seen[place(person, chat, topicOf(message))] ?? 0;
  return message.from?.id !== person && !message.service && message.id > last;
}

/** Count a person's unread messages in a chat, or in one of its topics. */
export function unread(person, chat, topic) {
  const all = messagesOf(person, chat).filter((message) => isNew(person, chat, message));
  return topic === undefined ? all.length : all.filter((one) => topicOf(one) === topic).length;
}

export const unreadChats = (person) => chatsOf(person).filter(({ id }) => unread(person, id)).length;

/** Remember that a person has seen these messages of one topic. */
export function markSeen(person, chat, topic, messages) {
  const newest = messages.at(-1)?.id ?? 0;
  if (seen[place(person, chat, topic)] === newest) return;
  // Also when it is smaller than before: a demo started again counts from one.
  seen[place(person, chat, topic)] = newest;
  sessionStorage.setItem(STORE, JSON.stringify(seen));
}
