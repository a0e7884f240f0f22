// Words outside the conversation: toasts, the dialog of an alert, the notice that the demo is gone.

import { Refusal, Silence } from "./server.js";
import { $, el } from "./dom.js";

const TOAST_MS = 6000;

export function toast(text) {
  const dismiss = () => note.remove();
  const note = el("button", { type: "button", class: "toast", title: "Dismiss", onclick: dismiss }, text);
  $("toasts").append(note);
  setTimeout(dismiss, TOAST_MS);
}

export function alertDialog(text) {
  $("alert-text").textContent = text;
  if (!$("alert").open) $("alert").showModal();
}

export const setLost = (lost) => {
  $("lost").hidden = !lost;
};

/** Say a new message to a screen reader. */
export function announce(text) {
  $("announcer").textContent = text;
}

/** Run an action; say why it did not work. Gives its result, or undefined when it failed. */
export async function attempt(action) {
  try {
    return await action();
  } catch (problem) {
    if (problem instanceof Silence) setLost(true);
    if (problem instanceof Refusal || problem instanceof Silence) toast(problem.message);
    else throw problem;
    return undefined;
  }
}
