// `@bot words`: what the bot offers for the words after its name, as lines of the composer's menu.

import { model } from "./model.js";

/** As long as somebody types, nothing is asked. */
const PAUSE_MS = 250;

/**
 * `ask(words)` gives the sandbox's answer, `share(asked, result)` sends a result, `open(start)` goes to
 * the bot. `show` is called when there is something new to offer, `done` once a line was chosen.
 */
export function createInline({ ask, share, open }, { show, done }) {
  let latest = null;
  let answer = null;
  let pause = 0;

  const wordsIn = (text) => {
    const name = `@${model.state.bot.username} `;
    return text.toLowerCase().startsWith(name.toLowerCase()) ? text.slice(name.length).trim() : null;
  };

  async function fetchOffers(words) {
    const made = await ask(words);
    if (latest !== words || !made) return;
    answer = made;
    show();
  }

  function lines({ asked, results, button }) {
    const found = results.map(({ id, title, description }) => ({
      kind: "offer",
      title,
      note: description,
      choose: () => share(asked, id).then((sent) => sent && done()),
    }));
    if (!button) return found;
    const toBot = () => {
      done();
      open(`/start ${button.start_parameter}`);
    };
    return [{ title: button.text, note: "", choose: toBot }, ...found];
  }

  /** The lines for this text; null when it does not begin with the bot's name. */
  function offers(text) {
    const words = wordsIn(text);
    if (words !== latest) {
      latest = words;
      answer = null;
      clearTimeout(pause);
      if (words !== null) pause = setTimeout(() => fetchOffers(words), PAUSE_MS);
    }
    if (words === null) return null;
    return answer ? lines(answer) : [];
  }

  return { offers };
}
