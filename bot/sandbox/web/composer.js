// Writing: the text, the reply it answers, and the menu of commands.

import { $, el } from "./dom.js";
import { model, plainText } from "./model.js";

const text = $("text");
const menu = $("menu");

/** What is written but not sent, by place. */
const drafts = new Map();
let place = null;
let replyTo = null;
let commands = [];
let offered = [];
let chosen = 0;
/** The menu stays shut for this text, because Escape was pressed or a command was filled in. */
let dismissed = null;

function fit() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

function write(value) {
  text.value = value;
  fit();
  renderMenu();
}

export function reply(message) {
  replyTo = message;
  $("replying").hidden = !message;
  if (message) $("replying-text").textContent = `Reply to ${message.from.name}: ${plainText(message)}`;
  text.focus();
}

function renderMenu() {
  const typed = /^\/[a-z0-9_]*$/i.test(text.value) && text.value !== dismissed ? text.value.slice(1) : null;
  offered = typed === null ? [] : commands.filter(({ command }) => command.startsWith(typed.toLowerCase()));
  chosen = Math.min(chosen, Math.max(0, offered.length - 1));
  menu.hidden = !offered.length;
  $("menu-button").setAttribute("aria-expanded", String(!menu.hidden));
  menu.replaceChildren(...offered.map(option));
  if (menu.hidden) text.removeAttribute("aria-activedescendant");
  else text.setAttribute("aria-activedescendant", `command-${chosen}`);
  menu.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
}

function option({ command, description }, index) {
  const attributes = {
    id: `command-${index}`,
    role: "option",
    "aria-selected": String(index === chosen),
    // The focus stays in the text, from where the arrows and Enter work.
    onpointerdown: (event) => event.preventDefault(),
    onclick: () => fill(command),
  };
  return el("div", attributes, el("strong", {}, `/${command}`), el("span", {}, description));
}

function fill(command) {
  dismissed = `/${command}`;
  write(`/${command}`);
  text.focus();
}

/** Keys while the menu is open; gives whether the key was one of them. */
function menuKey(key) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (step) chosen = (chosen + step + offered.length) % offered.length;
  else if (key === "Escape") dismissed = text.value;
  else if (key === "Tab" || (key === "Enter" && text.value !== `/${offered[chosen].command}`)) {
    fill(offered[chosen].command);
  } else return false;
  renderMenu();
  return true;
}

/** Start the composer. `send(text, replyTo)` gives whether it was sent. */
export function startComposer(send) {
  const submit = async () => {
    const [said, answered, from] = [text.value.trim(), replyTo, place];
    if (!said) return;
    write("");
    if (replyTo) reply(null);
    if (await send(said, answered?.id)) return;
    // Not sent: give the words back, unless others stand there by now.
    if (place === from && !text.value) write(said);
    else if (place !== from) drafts.set(from, said);
  };
  text.addEventListener("input", () => {
    dismissed = null;
    chosen = 0;
    fit();
    renderMenu();
  });
  text.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!menu.hidden && menuKey(event.key)) event.preventDefault();
    else if (event.key === "Enter") {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && replyTo) reply(null);
  });
  text.addEventListener("blur", () => {
    dismissed = text.value;
    renderMenu();
  });
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    text.focus();
  });
  $("menu-button").addEventListener("pointerdown", (event) => event.preventDefault());
  $("menu-button").addEventListener("click", () => {
    const open = !menu.hidden;
    dismissed = null;
    chosen = 0;
    write(open ? "" : "/");
    text.focus();
  });
  $("replying-stop").addEventListener("click", () => reply(null));
}

/** Follow the chosen place: its own draft, no reply; `commands` as the sandbox lists them there. */
export function renderComposer(known) {
  commands = known;
  const now = `${model.as}/${model.chat}/${model.topic}`;
  if (now !== place) {
    drafts.set(place, text.value);
    place = now;
    replyTo = null;
    $("replying").hidden = true;
    dismissed = drafts.get(place) ?? "";
    write(dismissed);
  } else if (!menu.hidden) renderMenu();
}
