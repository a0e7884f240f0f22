// Writing: the text, the reply it answers, and the menu of commands and of what the bot offers inline.

import { $, el } from "./dom.js";
import { createInline } from "./inline.js";
import { model, plainText } from "./model.js";

const text = $("text");
const menu = $("menu");

/** What is written but not sent, by place. */
const drafts = new Map();
let place = null;
let replyTo = null;
let commands = [];
let inline = null;
/** The lines of the menu: `{title, note, choose}`; `whole` is what needs no choosing any more. */
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
  offered = text.value === dismissed ? [] : (inline?.offers(text.value) ?? fittingCommands());
  chosen = Math.min(chosen, Math.max(0, offered.length - 1));
  menu.hidden = !offered.length;
  $("menu-button").setAttribute("aria-expanded", String(!menu.hidden));
  menu.replaceChildren(...offered.map(option));
  if (menu.hidden) text.removeAttribute("aria-activedescendant");
  else text.setAttribute("aria-activedescendant", `command-${chosen}`);
  menu.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
}

function fittingCommands() {
  if (!/^\/[a-z0-9_]*$/i.test(text.value)) return [];
  const fits = ({ command }) => `/${command}`.startsWith(text.value.toLowerCase());
  return commands.filter(fits).map(({ command, description }) => ({
    title: `/${command}`,
    note: description,
    whole: `/${command}`,
    choose: () => fill(command),
  }));
}

function option({ title, note, kind, choose }, index) {
  const attributes = {
    class: kind,
    id: `command-${index}`,
    role: "option",
    "aria-selected": String(index === chosen),
    // The focus stays in the text, from where the arrows and Enter work.
    onpointerdown: (event) => event.preventDefault(),
    onclick: choose,
  };
  return el("div", attributes, el("strong", {}, title), el("span", {}, note));
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
  else if (key === "Tab" || (key === "Enter" && text.value !== offered[chosen].whole)) {
    offered[chosen].choose();
  } else return false;
  renderMenu();
  return true;
}

/** Start the composer. `send(text, replyTo, file)` gives whether it was sent; `actions` are inline ones. */
export function startComposer(send, actions) {
  const done = () => {
    write("");
    text.focus();
  };
  inline = createInline(actions, { show: () => renderMenu(), done });
  /** Send what is written, or the file with it as its caption. */
  const submit = async (file) => {
    const [said, answered, from] = [text.value.trim(), replyTo, place];
    if (!said && !file) return;
    write("");
    if (replyTo) reply(null);
    if (await send(said, answered?.id, file)) return;
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
  $("attach").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => {
    const [file] = $("file").files;
    // The same file may be chosen again.
    $("file").value = "";
    if (file) submit(file);
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
