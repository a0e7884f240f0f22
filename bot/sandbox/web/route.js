// The address keeps who you are and what you look at: `#as=PERSON&chat=CHAT`, so a view can be opened.

import { chatsOf, messagesOf, model, personOf, tabsOf, topicOf } from "./model.js";

const PANELS = ["people", "chats", "talk", "clock"];

/** The chat whose topic is chosen already: a message elsewhere must not turn the page. */
let settled = null;

const number = (text) => (text === null || text === "" ? null : Number(text));

/** Choose person, chat, topic and panel from the address, or the nearest thing that exists. */
export function readRoute() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const { people } = model.state;
  model.as = personOf(number(asked.get("as")))?.id ?? people[0]?.id ?? null;
  const chats = chatsOf(model.as);
  const chat = chats.find(({ id }) => id === number(asked.get("chat"))) ?? chats[0];
  model.chat = chat?.id ?? null;
  model.panel = PANELS.includes(asked.get("panel")) ? asked.get("panel") : "talk";
  model.topic = chooseTopic(chat, asked);
}

function chooseTopic(chat, asked) {
  const tabs = tabsOf(chat);
  if (asked.has("topic")) {
    const topic = number(asked.get("topic"));
    if (tabs.some(({ id }) => id === topic)) {
      settled = model.chat;
      return topic;
    }
  }
  if (settled === model.chat) return model.topic;
  const latest = messagesOf(model.as, model.chat).at(-1);
  if (!latest) return null;
  settled = model.chat;
  const topic = topicOf(latest);
  return tabs.some(({ id }) => id === topic) ? topic : null;
}

/** Go to another person, chat, topic or panel; what is not named stays, except a topic. */
export function go(changes) {
  const { as, chat, panel } = model;
  const next = { as, chat, panel, ...changes };
  const written = new URLSearchParams();
  if (next.as !== null) written.set("as", next.as);
  if (next.chat !== null) written.set("chat", next.chat);
  if ("topic" in changes) written.set("topic", changes.topic ?? "");
  else if (!("chat" in changes) && tabsOf(chatsOf(as).find(({ id }) => id === chat)).length) {
    written.set("topic", model.topic ?? "");
  }
  if (next.panel !== "talk") written.set("panel", next.panel);
  location.hash = written.toString();
}

/** Become another person, in the same group if they are in it, else in the chat they have. */
export function become(person) {
  const inPrivate = model.chat === model.as;
  go({ as: person, panel: "talk", ...(inPrivate ? { chat: person } : {}) });
}
