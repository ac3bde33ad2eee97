// Shows messages: to screen readers in a live region, and in a line at the bottom of the window.

const status = document.getElementById("status");
let timer;

export function say(text, { show = false } = {}) {
  status.textContent = "";
  status.classList.toggle("toast", show);
  status.classList.toggle("sr", !show);
  requestAnimationFrame(() => { status.textContent = text; });
  clearTimeout(timer);
  if (show) timer = setTimeout(() => { status.textContent = ""; status.classList.replace("toast", "sr"); }, 3500);
}

export const words = document.body.dataset;
