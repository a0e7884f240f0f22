// The demo's clock: what it shows, and the ways to move it.

import { $ } from "./dom.js";
import { model } from "./model.js";

const field = $("clock-field");
let touched = false;

/** Start the panel. `move(body)` asks the sandbox and gives whether it moved. */
export function startClock(move) {
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => move({ advance_seconds: Number(button.dataset.advance) }));
  }
  $("morning").addEventListener("click", () =>
    move({ to: model.calendar.nextMorning(model.state.now) }),
  );
  field.addEventListener("input", () => {
    touched = true;
  });
  $("clock-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    // A refused time stays in the field to be mended.
    touched = !(await move({ to: model.calendar.instant(field.value) }));
  });
}

/** Show the present; the field follows it until somebody writes into it. */
export function renderClock() {
  const { calendar, state } = model;
  $("now").textContent = calendar.now(state.now);
  $("now").dateTime = state.now;
  $("zone").textContent = calendar.zone;
  $("switcher-now").textContent = `${calendar.short(state.now)}, ${calendar.time(state.now)}`;
  if (!touched) field.value = calendar.wall(state.now);
}
