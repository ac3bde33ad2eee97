// Buttons that copy a citation or an address.

import { say, words } from "./say.js";

export function copying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-link]");
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const text = button.dataset.copy ?? new URL(button.getAttribute("href"), location.href).href;
    say((await copied(text)) ? button.dataset.done : words.copyFailed, { show: true });
  });
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedTheOldWay(text); // the newer way needs HTTPS, which a house's own server may not have
  }
}

function copiedTheOldWay(text) {
  const held = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    done = false;
  }
  area.remove();
  held?.focus({ preventScroll: true });
  return done;
}
