// What the page asks of the sandbox, and the one stream on which the sandbox says "something changed".

/** The sandbox understood and said no; the message is a sentence for the visitor. */
export class Refusal extends Error {}

/** Nobody answered: the sandbox is stopped or starting again. */
export class Silence extends Error {}

/** Long enough for a clock that moves by weeks and sends all that fell due. */
const PATIENCE_MS = 30_000;

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS), ...options });
  } catch {
    throw new Silence("The demo did not answer. Start it again, then try once more.");
  }
  const body = (await response.json().catch(() => null)) ?? {};
  if (response.ok) return body;
  throw new Refusal(body.error ?? "The demo could not do that. Try again.");
}

const query = (values) => new URLSearchParams(values).toString();

const post = (path, body) =>
  ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

export const server = {
  state: () => ask("/sandbox/state"),
  messages: (viewer, chat) => ask(`/sandbox/messages?${query({ viewer, chat })}`),
  commands: (viewer, chat) => ask(`/sandbox/commands?${query({ viewer, chat })}`),
  say: (message) => post("/sandbox/say", message),
  inline: (question) => post("/sandbox/inline", question),
  share: (chosen) => post("/sandbox/share", chosen),
  /** A file, with what `say` takes; the text is its caption. */
  send: (file, { text, ...place }) => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...place, caption: text })) body.append(name, value);
    body.append("file", file);
    return ask("/sandbox/send", { method: "POST", body });
  },
  tap: (button) => post("/sandbox/tap", button),
  clock: (move) => post("/sandbox/clock", move),
};

const RETRY_MS = 2000;

/**
 * Call `onChange` on every change and after each (re)connection, `onLost` when the stream breaks.
 * A browser reconnects by itself after a broken connection, but gives up after a refused one.
 */
export function watch({ onChange, onLost }) {
  const source = new EventSource("/sandbox/events");
  source.onopen = onChange;
  source.onmessage = onChange;
  source.onerror = () => {
    onLost();
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => watch({ onChange, onLost }), RETRY_MS);
    }
  };
}
