// Suggestions while typing: the combobox of the ARIA Authoring Practices Guide (editable, with a list popup).

import { say, words } from "./say.js";

const WAIT = 120; // milliseconds without typing before a request
const MOST = 8;

export function combobox(form, go) {
  const input = form.querySelector("#q");
  const list = form.querySelector("#q-list");
  const clear = form.querySelector("[data-clear]");
  let timer;
  let asking;
  let active = -1;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  list.hidden = true;
  showClear();

  input.addEventListener("input", (event) => {
    showClear();
    if (!event.isComposing) later();
  });
  input.addEventListener("compositionend", later); // Telex and VNI typing end a word so
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  clear.addEventListener("click", () => {
    input.value = "";
    showClear();
    close();
    input.focus();
  });

  function showClear() {
    clear.hidden = !input.value;
  }

  function later() {
    clearTimeout(timer);
    asking?.abort();
    const typed = input.value.trim();
    if (typed.length < 2) return close();
    timer = setTimeout(() => ask(typed), WAIT);
    return undefined;
  }

  async function ask(typed) {
    asking = new AbortController();
    try {
      const address = `${words.base}/api/v1/suggest?${new URLSearchParams({ q: typed, limit: MOST })}`;
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) return close();
      const { suggestions } = await answer.json();
      if (input.value.trim() === typed && document.activeElement === input) show(suggestions);
    } catch {
      close(); // aborted, or no network: suggestions are no necessity
    }
    return undefined;
  }

  function show(suggestions) {
    list.replaceChildren(...suggestions.map(option));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    const any = suggestions.length > 0;
    list.hidden = !any;
    input.setAttribute("aria-expanded", String(any));
    say(any ? words.suggestionsN.replace("{n}", suggestions.length) : words.suggestionsNone);
  }

  function option(suggestion, number) {
    const item = document.createElement("li");
    item.id = `q-option-${number}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const count = document.createElement("small");
    count.textContent = words.passagesN.replace("{n}", suggestion.passages.toLocaleString(document.documentElement.lang));
    item.append(suggestion.text, " ", count);
    item.dataset.query = suggestion.text;
    return item;
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function onKey(event) {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (event.key === "Escape") {
      if (open) close();
      else if (input.value) input.value = "";
      else input.blur();
      showClear();
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) later();
      else move(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Enter" && open && active >= 0) {
      take(list.children[active]);
      event.preventDefault();
    }
  }

  function move(by) {
    const count = list.children.length;
    list.children[active]?.setAttribute("aria-selected", "false");
    active = active < 0 ? (by > 0 ? 0 : count - 1) : (active + by + count) % count;
    const option = list.children[active];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function take(option) {
    input.value = option.dataset.query;
    showClear();
    close();
    go();
  }
}
