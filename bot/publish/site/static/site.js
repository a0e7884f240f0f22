// Two comforts, without which every page reads as well: a choice of light or dark, and a search.

"use strict";

const remembered = {
  // A browser may forbid it, as some do for pages opened from a disk.
  get: () => { try { return localStorage.getItem("theme"); } catch { return null; } },
  set: (theme) => { try { localStorage.setItem("theme", theme); } catch { /* for this page only */ } },
};

// This much at once, so that a page does not flash in the other colours first.
if (remembered.get()) document.documentElement.dataset.theme = remembered.get();

function setUpTheme(button) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : system.matches;
  };
  const show = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    remembered.set(theme);
    show();
  });
  system.addEventListener("change", show);
  show();
  button.hidden = false;
}

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function setUpSearch(form) {
  const scope = form.parentElement;
  const talks = [...scope.querySelectorAll(".talk:not(.open)")].map((item) => ({
    item,
    text: folded([".topic", ".venue", "a", ".people"]
      .map((part) => item.querySelector(part)?.textContent ?? "").join(" ")),
    venue: item.dataset.venue,
    people: item.dataset.people.split("|"),
  }));
  const holders = [...scope.querySelectorAll(".meeting, .term")];
  const open = scope.querySelectorAll(".talk.open");
  const count = form.querySelector(".count");
  const reset = form.querySelector("[type=reset]");

  const update = () => {
    const { words, venue, person } = Object.fromEntries(new FormData(form));
    const wanted = folded(words).split(/\s+/).filter(Boolean);
    const narrowed = wanted.length > 0 || Boolean(venue || person);
    let shown = 0;
    for (const { item, text, venue: its, people } of talks) {
      const fits = wanted.every((word) => text.includes(word))
        && (!venue || its === venue) && (!person || people.includes(person));
      item.hidden = !fits;
      shown += fits;
    }
    for (const item of open) item.hidden = narrowed;
    for (const holder of holders) {
      holder.hidden = narrowed && !holder.querySelector(".talk:not([hidden])");
    }
    reset.hidden = !narrowed;
    if (!narrowed) count.textContent = "";
    else count.textContent = shown ? `${shown} of ${talks.length} talks` : "No talk like that.";
  };
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { update(); form.elements.words.focus(); }));
  form.hidden = false;
  update(); // the browser may have kept what was typed before
}

addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".theme").forEach(setUpTheme);
  document.querySelectorAll(".search").forEach(setUpSearch);
});
