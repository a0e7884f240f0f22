// What the page knows, and the questions its parts ask of it.

import { Calendar } from "./time.js";

const MEMBERS = new Set(["creator", "administrator", "member", "restricted"]);

/** Telegram's own number for a forum's first topic; its messages carry no topic at all. */
const GENERAL = 1;

export const model = {
  state: { now: null, bot: { id: 0, name: "Bot", username: "" }, people: [], chats: [] },
  calendar: new Calendar(),
  /** Messages by `conversation(person, chat)`. */
  messages: new Map(),
  /** The chosen person, chat and topic (ids; null for none) and, on a phone, the part on screen. */
  as: null,
  chat: null,
  topic: null,
  panel: "talk",
};

export const conversation = (person, chat) => `${person}/${chat}`;

export const personOf = (id) => model.state.people.find((person) => person.id === id);

export const messagesOf = (person, chat) => model.messages.get(conversation(person, chat)) ?? [];

export const isPrivate = (chat) => chat.type === "private";

export const isIn = (person, group) =>
  group.members.some(({ id, status }) => id === person && MEMBERS.has(status));

/** The private chat with the bot, which the sandbox knows only after its first message. */
function privateChat(person) {
  const title = model.state.bot.name;
  const known = model.state.chats.find((chat) => isPrivate(chat) && chat.id === person);
  const empty = { id: person, type: "private", topics: [], members: [], pinned: [] };
  return { ...(known ?? empty), title };
}

/** The chats a person has, groups first. */
export function chatsOf(person) {
  const groups = model.state.chats.filter((chat) => !isPrivate(chat) && isIn(person, chat));
  return person === null ? groups : [...groups, privateChat(person)];
}

export const currentChat = () => chatsOf(model.as).find((chat) => chat.id === model.chat);

/** The topic a message is filed under: null is the forum's general one. */
export const topicOf = (message) => (message.topic === GENERAL ? null : (message.topic ?? null));

/** A forum's topics as tabs, the general one first; an ordinary chat has none. */
export function tabsOf(chat) {
  if (!chat?.is_forum) return [];
  const general = chat.topics.find(({ id }) => id === GENERAL);
  const others = chat.topics.filter(({ id }) => id !== GENERAL);
  return [{ name: "General", closed: false, ...general, id: null }, ...others];
}

/** The messages on screen. */
export function shownMessages() {
  const all = messagesOf(model.as, model.chat);
  if (!currentChat()?.is_forum) return all;
  return all.filter((message) => topicOf(message) === model.topic);
}

/** The text of a message without its markup, for previews and for the screen reader. */
export function plainText(message) {
  const template = document.createElement("template");
  template.innerHTML = message.html;
  const text = template.content.textContent.replace(/\s+/g, " ").trim();
  return text || message.document?.name || (message.photo ? "Picture" : "");
}
