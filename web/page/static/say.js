// Tells people what happened: screen readers by a live region, and eyes by a line at the bottom of the window.

const said = document.getElementById("said");
let timer;

export function say(text, { show = false } = {}) {
  said.textContent = "";
  said.classList.toggle("toast", show);
  said.classList.toggle("sr", !show);
  requestAnimationFrame(() => { said.textContent = text; });
  clearTimeout(timer);
  if (show) timer = setTimeout(() => { said.textContent = ""; said.classList.replace("toast", "sr"); }, 3500);
}

export const words = document.body.dataset;
