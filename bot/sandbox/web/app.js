// The chat page: fetch what the sandbox knows, show it, carry out what the visitor does.

import { renderClock, startClock } from "./clock.js";
import { renderComposer, reply, startComposer } from "./composer.js";
import { renderConversation } from "./conversation.js";
import { $ } from "./dom.js";
import { chatsOf, conversation, currentChat, model } from "./model.js";
import { alertDialog, attempt, setLost, toast } from "./notices.js";
import { go, readRoute } from "./route.js";
import { server, Silence, watch } from "./server.js";
import { renderSidebar } from "./sidebar.js";
import { Calendar } from "./time.js";

const HINT = "hint-read";
let commands = { place: null, list: [] };
let fetching = null;
let again = false;

/** Where to send a link that opens this bot: its start text ("" for just opening it), else null. */
function startText(url) {
  const link = URL.canParse(url) ? new URL(url) : null;
  if (!link) return null;
  const ours = /^(www\.)?(t|telegram)\.me$/.test(link.hostname);
  const name = link.protocol === "tg:" ? link.searchParams.get("domain") : ours && link.pathname.slice(1);
  if (!name || name.toLowerCase() !== model.state.bot.username.toLowerCase()) return null;
  const payload = link.searchParams.get("start");
  return payload ? `/start ${payload}` : "";
}

async function openStart(start) {
  const { as } = model;
  go({ chat: as, panel: "talk" });
  if (start) await deliver(() => server.say({ person: as, chat: as, text: start }));
}

/** Do something at the sandbox, then look again. Gives its answer, or undefined when it failed. */
async function deliver(action) {
  const answer = await attempt(action);
  if (answer) await refresh();
  return answer;
}

async function say(text, replyTo, file) {
  const message = { person: model.as, chat: model.chat, text };
  if (model.topic !== null) message.topic = model.topic;
  if (replyTo) message.reply_to = replyTo;
  return Boolean(await deliver(() => (file ? server.send(file, message) : server.say(message))));
}

const inline = {
  ask: (query) => attempt(() => server.inline({ person: model.as, query })),
  share: async (asked, result) => {
    const chosen = { person: model.as, chat: model.chat, asked, result };
    if (model.topic !== null) chosen.topic = model.topic;
    return Boolean(await deliver(() => server.share(chosen)));
  },
  open: (start) => openStart(start),
};

async function tap(button, message, row, column) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  const place = { person: model.as, chat: model.chat, message, button: [row, column] };
  const answer = await deliver(() => server.tap(place));
  button.ariaBusy = "false";
  if (!answer) return;
  if (answer.text) (answer.alert ? alertDialog : toast)(answer.text);
  if (!answer.url) return;
  const start = startText(answer.url);
  if (start === null) window.open(answer.url, "_blank", "noopener");
  else await openStart(start);
}

/** A link was clicked: one to this bot stays in the demo, another opens in a new tab. */
function follow(event, url) {
  const start = startText(url);
  if (start !== null || !/^(https?:|\/)/.test(url)) event.preventDefault();
  if (start !== null) openStart(start);
}

async function move(body) {
  return Boolean(await deliver(() => server.clock(body)));
}

async function fetchAll() {
  const state = await server.state();
  if (state.zone && state.zone !== model.calendar.zone) model.calendar = new Calendar(state.zone);
  model.state = state;
  readRoute();
  // The chosen person's chats, and the private chats of the others for their unread marks.
  const known = new Set(state.chats.map(({ id }) => id));
  const own = chatsOf(model.as).map(({ id }) => [model.as, id]);
  const others = state.people.filter(({ id }) => id !== model.as).map(({ id }) => [id, id]);
  const wanted = [...own, ...others].filter(([, chat]) => known.has(chat));
  const fetched = await Promise.all(
    wanted.map(async ([person, chat]) => {
      const { messages } = await server.messages(person, chat);
      return [conversation(person, chat), messages];
    }),
  );
  model.messages = new Map(fetched);
  await fetchCommands();
}

async function fetchCommands() {
  const { as, chat } = model;
  if (as === null || chat === null) return;
  commands = { place: conversation(as, chat), list: [] };
  const answer = await server.commands(as, chat);
  commands.list = answer.commands;
}

/** Fetch and show everything; calls that come meanwhile share one more round. */
function refresh() {
  again = true;
  fetching ??= (async () => {
    try {
      while (again) {
        again = false;
        await fetchAll();
        setLost(false);
        render();
      }
    } catch (problem) {
      if (problem instanceof Silence) setLost(true);
      else toast(problem.message);
    } finally {
      fetching = null;
    }
  })();
  return fetching;
}

function render() {
  if (model.state.now === null) return;
  readRoute();
  document.body.dataset.panel = model.panel;
  for (const button of document.querySelectorAll(".switcher button")) {
    button.ariaCurrent = button.dataset.panel === model.panel ? "page" : null;
  }
  renderClock();
  renderConversation({ say, tap, follow, reply });
  renderSidebar();
  const here = commands.place === conversation(model.as, model.chat);
  renderComposer(here ? commands.list : []);
  $("composer").inert = !currentChat();
}

function showHint(shown) {
  $("hint").hidden = !shown;
  $("help").setAttribute("aria-expanded", String(shown));
  if (!shown) localStorage.setItem(HINT, "yes");
}

for (const button of document.querySelectorAll(".switcher button")) {
  button.addEventListener("click", () => go({ panel: button.dataset.panel }));
}
$("help").addEventListener("click", () => showHint($("hint").hidden));
$("hint-close").addEventListener("click", () => showHint(false));
showHint(localStorage.getItem(HINT) === null);
startClock(move);
startComposer(say, inline);
window.addEventListener("hashchange", () => {
  render();
  refresh();
});
document.addEventListener("visibilitychange", render);
watch({ onChange: refresh, onLost: () => setLost(true) });
