// Small helpers: make elements, and keep a list of them true without touching what has not changed.

export const $ = (id) => document.getElementById(id);

/** An element with attributes (`class`, `aria-label`, …), listeners (`onclick`) and children. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

const TONES = 8;

/** A colour class that stays with an id for good. */
export const tone = (id) => `tone-${(Math.abs(Number(id)) * 7) % TONES}`;

function initials(name) {
  const words = name.split(/[\s\-–—:·,]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => [...word][0].toLocaleUpperCase()).join("") || "?";
}

/** Initials on a stable colour; the bot has a book instead. `kind`: person, group or bot. */
export function avatar(kind, id, name) {
  const content = kind === "bot" ? icon("book") : initials(name);
  const colour = kind === "bot" ? "" : tone(id);
  return el("span", { class: `avatar ${kind} ${colour}`, "aria-hidden": "true" }, content);
}

export function badge(count) {
  if (!count) return null;
  return el("b", { class: "badge", "aria-label": `${count} unread` }, String(count));
}

/** What in `fresh` stands for the focused part of `old`, so that an edit does not lose the keyboard. */
function focusIn(old, fresh) {
  const stops = "button, a[href]";
  const index = [...old.querySelectorAll(stops)].indexOf(document.activeElement);
  if (index < 0) return fresh;
  const candidates = fresh.querySelectorAll(stops);
  return candidates[Math.min(index, candidates.length - 1)] ?? null;
}

/**
 * Make the children of `parent` show `items`, each `{key, state, build}`: a child is built anew only
 * when its `state` (anything JSON can write) differs from what it was built from. Returns nothing.
 */
export function reconcile(parent, items) {
  const wanted = new Set(items.map(({ key }) => String(key)));
  const present = new Map();
  for (const child of [...parent.children]) {
    if (wanted.has(child.dataset.key)) present.set(child.dataset.key, child);
    else child.remove();
  }
  let place = parent.firstElementChild;
  for (const { key, state, build } of items) {
    const written = JSON.stringify(state);
    let node = present.get(String(key));
    if (node?.written !== written) {
      const old = node;
      node = build();
      node.dataset.key = key;
      node.written = written;
      if (old) {
        const focus = old.contains(document.activeElement) ? focusIn(old, node) : null;
        if (place === old) place = node;
        old.replaceWith(node);
        focus?.focus({ preventScroll: true });
      }
    }
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
}
