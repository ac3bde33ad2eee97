// Filters, order and pages without loading everything anew. Addresses stay those of the page without scripts,
// so that links, reloading and the back button do what they always do.

import { say, words } from "./say.js";
import { showFilters } from "./small.js";

const KEPT = 20; // pages remembered for going back
const PART = ".cols";
const pages = new Map();
let asking;

export function swapping(form) {
  const here = () => document.querySelector(PART);
  const submit = () => {
    const address = addressOf(form);
    if (here()) show(address, { scroll: "top" });
    else location.assign(address);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-now]") && here()) show(addressOf(form), {});
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (!link || !here() || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link.href, { scroll: link.dataset.swap });
  });
  if (here()) {
    history.scrollRestoration = "manual";
    remember(location.href, document.documentElement.outerHTML);
    addEventListener("popstate", (event) => {
      show(location.href, { push: false, back: event.state?.y ?? 0 });
    });
    if (history.state?.y) scrollTo({ top: history.state.y, behavior: "instant" });
    addEventListener("pagehide", () => history.replaceState({ y: scrollY }, ""));
  }
  return submit;
}

// One form, sent as its address without what is empty or usual.
function addressOf(form) {
  const params = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const usual = value === "" || (name === "sort" && value === "relevance") || (name === "size" && value === "10");
    if (!usual) params.append(name, value);
  }
  const query = params.toString();
  return form.action + (query ? `?${query}` : "");
}

async function show(address, { push = true, scroll, back }) {
  asking?.abort();
  asking = new AbortController();
  document.documentElement.classList.add("busy");
  try {
    const html = (back !== undefined && pages.get(address)) || (await load(address, asking.signal));
    const page = new DOMParser().parseFromString(html, "text/html");
    if (!page.querySelector(PART)) return location.assign(address); // the first page, or an error
    remember(address, html);
    if (push) {
      history.replaceState({ y: scrollY }, "");
      history.pushState({ y: 0 }, "", address);
    }
    put(page, back !== undefined);
    if (back !== undefined) scrollTo({ top: back, behavior: "instant" });
    else if (scroll === "top") scrollTo({ top: 0 });
    say(document.querySelector("[data-count]")?.textContent ?? "");
  } catch (error) {
    if (error.name !== "AbortError") say(words.offline, { show: true });
  } finally {
    document.documentElement.classList.remove("busy");
  }
  return undefined;
}

async function load(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  return answer.text();
}

function remember(address, html) {
  pages.delete(address);
  pages.set(address, html);
  if (pages.size > KEPT) pages.delete(pages.keys().next().value);
}

// The new page's list and filters in the place of the old; what was focused or opened stays so.
function put(page, withBox) {
  const held = document.activeElement;
  const inside = document.querySelector(PART).contains(held);
  const open = document.getElementById("filters").classList.contains("is-open");
  const fresh = document.adoptNode(page.querySelector(PART));
  document.querySelector(PART).replaceWith(fresh);
  document.title = page.title;
  showFilters(open);
  for (const link of document.querySelectorAll("[data-keep-search]")) {
    link.href = page.querySelector("[data-keep-search]").getAttribute("href");
  }
  if (withBox || held.id !== "q") document.getElementById("q").value = page.getElementById("q").getAttribute("value");
  if (!inside) return;
  const again = held.id ? document.getElementById(held.id) : null;
  if (again) again.focus({ preventScroll: true });
  else {
    const count = fresh.querySelector("[data-count]");
    count.tabIndex = -1;
    count.focus({ preventScroll: true });
  }
}

// Lists of reports that narrow while one types.
export function live() {
  let timer;
  const part = "[data-part=list]";
  const refresh = async (form) => {
    asking?.abort();
    asking = new AbortController();
    const address = addressOf(form);
    try {
      const page = new DOMParser().parseFromString(await load(address, asking.signal), "text/html");
      const fresh = page.querySelector(part);
      if (!fresh) return;
      document.querySelector(part).replaceWith(document.adoptNode(fresh));
      history.replaceState(history.state, "", address);
      say(fresh.querySelector("[data-count]").textContent);
    } catch (error) {
      if (error.name !== "AbortError") say(words.offline, { show: true });
    }
  };
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-live]") || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(() => refresh(event.target.form), 250);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-now-here]")) refresh(event.target.form);
  });
}
