// The middle of the page: header, topics, pinned message, and the messages themselves.

import { $, avatar, badge, el, icon, reconcile } from "./dom.js";
import { bubble, serviceLine } from "./message.js";
import { currentChat, isIn, isPrivate, model, personOf, plainText, shownMessages, tabsOf } from "./model.js";
import { announce } from "./notices.js";
import { go } from "./route.js";
import { markSeen, unread } from "./unread.js";

const NEAR_PX = 60;
const SHOWN_MS = 2000;
const TOGETHER_MS = 10 * 60_000;

const list = $("messages");
const view = { place: null, newest: 0, stick: true, missed: 0, pin: 0 };

const toBottom = () => {
  list.scrollTop = list.scrollHeight;
};

list.addEventListener("scroll", () => {
  view.stick = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
  if (view.stick) view.missed = 0;
  renderJump();
});
$("jump").addEventListener("click", toBottom);
new ResizeObserver(() => view.stick && toBottom()).observe(list);

function renderJump() {
  const { stick, missed } = view;
  $("jump").hidden = stick;
  const label = missed ? `Go to the latest message, ${missed} new` : "Go to the latest message";
  if ($("jump").ariaLabel === label) return;
  $("jump").ariaLabel = label;
  $("jump").replaceChildren(icon("down"), badge(missed) ?? "");
}

/** Bring a message into sight and mark it for a moment. */
function show(id) {
  const node = list.querySelector(`[data-key="m${id}"]`);
  if (!node) return;
  node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
  node.classList.add("shown");
  setTimeout(() => node.classList.remove("shown"), SHOWN_MS);
}

function entries(messages, actions) {
  const { as, calendar } = model;
  const named = !isPrivate(currentChat());
  const items = [];
  let previous = null;
  for (const message of messages) {
    const day = calendar.day(message.date);
    if (!previous || calendar.day(previous.date) !== day) {
      items.push({ key: `d${calendar.date(message.date)}`, state: day, build: () => dayLine(day) });
      previous = null;
    }
    const first = !previous || !together(previous, message);
    const own = message.from?.id === as;
    const look = { own, first, named: named && !own, time: calendar.time(message.date) };
    const build = () =>
      message.service ? serviceLine(message) : bubble(message, { ...look, actions });
    items.push({ key: `m${message.id}`, state: [message, look], build });
    previous = message;
  }
  return items;
}

const dayLine = (day) => el("h3", { class: "day" }, el("span", {}, day));

const together = (one, next) =>
  !one.service &&
  one.from?.id === next.from?.id &&
  new Date(next.date) - new Date(one.date) < TOGETHER_MS;

function emptyItem(actions) {
  const chat = currentChat();
  const start = chat && isPrivate(chat);
  return {
    key: "empty",
    state: start ? "start" : "empty",
    build: () =>
      el(
        "div",
        { class: "empty" },
        el("p", {}, start ? "Nothing here yet. Start the bot to talk to it in private." : "Nothing here yet."),
        start ? el("button", { type: "button", onclick: () => actions.say("/start") }, "Start") : null,
      ),
  };
}

function renderHead(chat) {
  const you = personOf(model.as)?.name ?? "nobody";
  const members = chat && !isPrivate(chat) ? model.state.people.filter(({ id }) => isIn(id, chat)) : null;
  const what = members ? `${members.length} people` : "Private chat";
  const kind = chat && isPrivate(chat) ? "bot" : "group";
  const title = chat?.title ?? "No chat";
  const build = () => avatar(kind, chat?.id ?? 0, title);
  reconcile($("talk-avatar"), [{ key: "avatar", state: [kind, chat?.id, title], build }]);
  $("talk-title").textContent = title;
  $("talk-note").textContent = `${what} · you are ${you}`;
  document.title = `${you} · ${title}`;
}

function renderTopics(chat, isNewPlace) {
  const tabs = tabsOf(chat);
  $("topics").hidden = !tabs.length;
  const items = tabs.map(({ id, name, closed }) => {
    const selected = id === model.topic;
    const count = selected ? 0 : unread(model.as, chat.id, id);
    const attributes = {
      type: "button",
      role: "tab",
      "aria-selected": String(selected),
      "aria-controls": "messages",
      onclick: () => go({ topic: id }),
    };
    const build = () => el("button", attributes, closed ? `${name} (closed)` : name, badge(count));
    return { key: `t${id ?? ""}`, state: [chat.id, name, closed, selected, count], build };
  });
  reconcile($("topics"), items);
  const selected = $("topics").querySelector("[aria-selected=true]");
  if (isNewPlace) selected?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function renderPinned(chat, messages) {
  const pins = messages.filter(({ id }) => chat?.pinned.includes(id));
  const bar = $("pinned");
  bar.hidden = !pins.length;
  if (!pins.length) return;
  // The newest first; each tap goes on to the one before it.
  const pin = pins[pins.length - 1 - (view.pin % pins.length)];
  const words = el("span", {}, el("strong", {}, "Pinned"), el("span", {}, plainText(pin)));
  bar.replaceChildren(icon("pin"), words);
  bar.onclick = () => {
    show(pin.id);
    view.pin += 1;
    renderPinned(chat, messages);
  };
}

/** Scroll, count and announce what came in since the last look at this place. */
function notice(messages, isNewPlace) {
  const fresh = isNewPlace ? [] : messages.filter(({ id }) => id > view.newest);
  const foreign = fresh.filter(({ from, service }) => !service && from?.id !== model.as);
  if (isNewPlace || fresh.length > foreign.length) view.stick = true;
  if (view.stick) toBottom();
  else view.missed += foreign.length;
  if (foreign.length) {
    announce(foreign.map((one) => `${one.from.name}: ${plainText(one)}`).join("\n"));
  }
  view.newest = messages.at(-1)?.id ?? 0;
  renderJump();
}

/** Show the chosen chat. `actions`: say, tap, follow and reply. */
export function renderConversation(actions) {
  const chat = currentChat();
  const place = `${model.as}/${model.chat}/${model.topic}`;
  const isNewPlace = place !== view.place;
  if (isNewPlace) Object.assign(view, { place, missed: 0, pin: 0 });
  const messages = shownMessages();
  if (document.visibilityState === "visible" && $("messages").checkVisibility({ visibilityProperty: true })) {
    markSeen(model.as, model.chat, model.topic, messages);
  }
  renderHead(chat);
  renderTopics(chat, isNewPlace);
  renderPinned(chat, messages);
  const items = messages.length ? entries(messages, { ...actions, show }) : [emptyItem(actions)];
  // Ids are a chat's own: the same number elsewhere is another message.
  reconcile(list, items.map((item) => ({ ...item, state: [place, item.state] })));
  notice(messages, isNewPlace);
}
