// Small things: colours, dialogs, the filters on a phone, the next match in a report, printing.

const KEPT = "tracuu-theme";

export function appearance() {
  const choice = document.getElementById("theme");
  choice.value = document.documentElement.dataset.theme ?? "auto";
  choice.addEventListener("change", () => {
    const auto = choice.value === "auto";
    if (auto) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice.value;
    try {
      if (auto) localStorage.removeItem(KEPT);
      else localStorage.setItem(KEPT, choice.value);
    } catch {
      // not kept then
    }
  });
}

export function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    else if (event.target instanceof HTMLDialogElement) event.target.close(); // its backdrop
  });
}

export function filters() {
  showFilters(false);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-filters]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const open = document.getElementById("filters").classList.toggle("is-open");
    showFilters(open);
    if (!open && link.closest("#filters")) document.getElementById("results").scrollIntoView();
  });
}

// The link to the filters becomes the button that shows them; they follow the results in the document.
export function showFilters(open) {
  const link = document.querySelector("[data-filters]");
  if (!link) return;
  link.setAttribute("role", "button");
  link.setAttribute("aria-expanded", String(open));
  document.getElementById("filters").classList.toggle("is-open", open);
}

export function matches() {
  let at = -1;
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-next-match]")) return;
    const found = [...document.querySelectorAll("[data-match]")];
    if (!found.length) return;
    at = (at + 1) % found.length;
    found[at].tabIndex = -1;
    found[at].focus({ preventScroll: true });
    found[at].scrollIntoView({ block: "center" });
  });
}

export function printing() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}
