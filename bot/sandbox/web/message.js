// One message as it stands in the conversation.

import { avatar, el, icon, tone } from "./dom.js";

const SAFE = /^(https?:|tg:|\/)/;
const COMMAND = /(?<=^|[\s(])\/[a-z][a-z0-9_]{0,31}(?:@[A-Za-z0-9_]+)?(?=$|[\s.,;:!?)…])/g;

/** Commands written in a text can be tapped, as in the real thing; not inside links and code. */
function linkCommands(root, actions) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("a, code, pre")) texts.push(walker.currentNode);
  }
  for (const text of texts) {
    const pieces = [];
    let from = 0;
    for (const { 0: command, index } of text.data.matchAll(COMMAND)) {
      const say = () => actions.say(command);
      pieces.push(text.data.slice(from, index));
      pieces.push(el("button", { type: "button", class: "command", onclick: say }, command));
      from = index + command.length;
    }
    if (pieces.length) text.replaceWith(...pieces, text.data.slice(from));
  }
}

function body(message, actions) {
  const text = el("div", { class: "text", dir: "auto" });
  text.innerHTML = message.html;
  for (const link of text.querySelectorAll("a[href]")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.addEventListener("click", (event) => actions.follow(event, link.getAttribute("href")));
  }
  linkCommands(text, actions);
  return text;
}

function quote({ id, from, text }, actions) {
  const author = el("strong", {}, typeof from === "string" ? from : (from?.name ?? ""));
  const attributes = { type: "button", class: "quote", onclick: () => actions.show(id) };
  return el("button", attributes, author, el("span", {}, text));
}

/** A picture; the caption below it says what it shows. */
function photo({ width, height, url }) {
  const href = SAFE.test(url) ? url : null;
  const image = el("img", { src: href, width, height, alt: "Picture; its words stand below", loading: "lazy" });
  return el("a", { class: "photo", href, target: "_blank", rel: "noopener noreferrer" }, image);
}

function file({ name, size, url }) {
  const words = el("span", {}, el("strong", {}, name), el("small", {}, readableSize(size)));
  const href = SAFE.test(url ?? "") ? url : null;
  return el(href ? "a" : "div", { class: "file", href, download: href && name }, icon("file"), words);
}

function readableSize(bytes) {
  if (bytes === null || bytes === undefined) return "";
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function inlineButton(message, button, row, column, actions) {
  if (button.kind === "url") {
    const href = SAFE.test(button.url ?? "") ? button.url : null;
    const onclick = (event) => actions.follow(event, button.url);
    const attributes = { class: "key", href, target: "_blank", rel: "noopener noreferrer", onclick };
    return el("a", attributes, button.text, icon("out"));
  }
  const onclick = (event) => actions.tap(event.currentTarget, message.id, row, column);
  return el("button", { type: "button", class: "key", onclick }, button.text);
}

function keyboard(message, actions) {
  if (!message.buttons?.length) return null;
  const rows = message.buttons.map((buttons, row) =>
    el("div", {}, ...buttons.map((one, column) => inlineButton(message, one, row, column, actions))),
  );
  return el("div", { class: "keyboard" }, ...rows);
}

/** A line such as "Ayşe pinned a message", which nobody said. */
export function serviceLine(message) {
  const line = el("p", { class: "service" });
  line.append(el("span", {}));
  line.firstChild.innerHTML = message.html;
  return line;
}

/**
 * A bubble. `own`: said by the chosen person; `first`: the author's first in a row; `named`: show who
 * said it; `time`: the wall clock; `actions`: say, tap, follow, show and reply.
 */
export function bubble(message, { own, first, named, time, actions }) {
  const { id, name, is_bot: isBot } = message.from;
  const clock = el("time", { datetime: message.date }, time);
  const meta = el("p", { class: "meta" }, message.edited ? "edited " : "", clock);
  const via = message.via ? el("p", { class: "via" }, `via @${message.via}`) : null;
  const author = first && named ? el("p", { class: `author ${isBot ? "" : tone(id)}` }, name) : null;
  const content = el(
    "div",
    { class: "bubble" },
    author,
    via,
    message.reply_to ? quote(message.reply_to, actions) : null,
    message.photo ? photo(message.photo) : null,
    message.document ? file(message.document) : null,
    message.html ? body(message, actions) : null,
    meta,
  );
  const answer = {
    type: "button",
    class: "round reply",
    title: "Reply",
    "aria-label": `Reply to ${name}`,
    onclick: () => actions.reply(message),
  };
  const face = first ? avatar(isBot ? "bot" : "person", id, name) : el("span", { class: "avatar none" });
  return el(
    "article",
    {
      class: `message ${own ? "own" : ""} ${first ? "first" : ""}`,
      tabindex: "-1",
      "aria-label": `${name}, ${time}`,
    },
    named ? face : null,
    el("div", { class: "column" }, content, keyboard(message, actions)),
    el("button", answer, icon("reply")),
  );
}
