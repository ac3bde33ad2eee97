// Keys: / j k n p c ? and Escape. They do nothing while a field has the focus, and can be switched off.

import { say } from "./say.js";

const KEPT = "tracuu-keys";

export function keyboard() {
  const choice = document.getElementById("keys-on");
  choice.checked = kept() !== "off";
  choice.addEventListener("change", () => {
    try {
      localStorage.setItem(KEPT, choice.checked ? "on" : "off");
    } catch {
      // not kept then
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.matches("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const act = ACTS[event.key];
    if (!act || (event.key.length === 1 && !choice.checked)) return;
    if (act(event.key) !== false) event.preventDefault();
  });
}

const ACTS = {
  "/": () => {
    const box = document.querySelector("#q, #find, #inside");
    if (!box) return false;
    box.focus();
    box.select();
    return true;
  },
  "?": () => document.getElementById("keys").showModal(),
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => (chosen() ? step(1) : false),
  ArrowUp: () => (chosen() ? step(-1) : false),
  n: () => follow("next"),
  p: () => follow("prev"),
  c: () => press("[data-copy]"),
  Escape: () => leave(),
};

function hits() {
  return [...document.querySelectorAll("[data-hit]")];
}

function chosen() {
  return document.activeElement?.closest("[data-hit]") ?? null;
}

function step(by) {
  const all = hits();
  if (!all.length) return false;
  const now = all.indexOf(chosen());
  const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + by, 0), all.length - 1);
  const link = all[next].querySelector("h2 a, h3 a");
  link.focus({ preventScroll: true });
  all[next].scrollIntoView({ block: "nearest" });
  return true;
}

function follow(rel) {
  const link = document.querySelector(`main a[rel="${rel}"]`);
  if (!link) return false;
  link.click();
  return true;
}

function press(selector) {
  const button = (chosen() ?? document.querySelector(".quote"))?.querySelector(selector);
  if (!button) return false;
  button.click();
  return true;
}

function leave() {
  if (!chosen()) return false;
  document.activeElement.blur();
  say("");
  return true;
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
