// The left column: who you are, and the chats that person has.

import { $, avatar, badge, el, reconcile } from "./dom.js";
import { chatsOf, isPrivate, messagesOf, model, personOf, plainText } from "./model.js";
import { become, go } from "./route.js";
import { unread, unreadChats } from "./unread.js";

function row({ picture, name, note, aside, count, current, onclick }) {
  const words = el("span", { class: "row-words" }, el("strong", {}, name), el("small", {}, note));
  const end = el("span", { class: "row-end" }, aside && el("small", {}, aside), badge(count));
  const attributes = { type: "button", "aria-current": current && "true", onclick };
  return el("li", {}, el("button", attributes, picture, words, end));
}

function personItem(person) {
  const { id, name, note } = person;
  const current = id === model.as;
  const count = unread(id, id);
  return {
    key: id,
    state: [name, note, current, count],
    build: () =>
      row({
        picture: avatar("person", id, name),
        name,
        note: note ?? "",
        count,
        current,
        onclick: () => become(id),
      }),
  };
}

function chatItem(chat) {
  const last = messagesOf(model.as, chat.id).at(-1);
  const count = unread(model.as, chat.id);
  const current = chat.id === model.chat;
  const author = last && !last.service && !isPrivate(chat) ? `${last.from?.name}: ` : "";
  const note = last ? author + plainText(last).slice(0, 80) : "No messages yet";
  const kind = isPrivate(chat) ? "bot" : "group";
  const aside = last ? dateOf(last.date) : "";
  return {
    key: chat.id,
    state: [chat.title, note, aside, count, current],
    build: () =>
      row({
        picture: avatar(kind, chat.id, chat.title),
        name: chat.title,
        note,
        aside,
        count,
        current,
        onclick: () => go({ chat: chat.id, panel: "talk" }),
      }),
  };
}

function dateOf(iso) {
  const { calendar, state } = model;
  const today = calendar.date(iso) === calendar.date(state.now);
  return today ? calendar.time(iso) : calendar.short(iso);
}

function setBadge(node, count) {
  node.hidden = !count;
  node.textContent = count;
  node.setAttribute("aria-label", `${count} unread`);
}

export function renderSidebar() {
  const { people } = model.state;
  $("you").textContent = personOf(model.as)?.name ?? "nobody yet";
  reconcile($("people"), people.map(personItem));
  reconcile($("chats"), chatsOf(model.as).map(chatItem));
  const waiting = people.filter(({ id }) => id !== model.as && unread(id, id)).length;
  setBadge($("badge-people"), waiting);
  setBadge($("badge-chats"), unreadChats(model.as));
}
