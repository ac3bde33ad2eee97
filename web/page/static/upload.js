// Uploading a report, and correcting a passage, for who has the token. It stays in this tab alone.

import { say } from "./say.js";

const KEPT = "tracuu-token";
const base = document.body.dataset.base;

export function uploading() {
  const form = document.getElementById("upload");
  if (!form) return;
  const [token, file, outline, keep] = ["token", "file", "outline", "keep"].map((name) => document.getElementById(`upload-${name}`));
  const drop = form.querySelector(".drop");
  let chosen;
  token.value = sessionStorage.getItem(KEPT) ?? "";
  form.addEventListener("submit", (event) => event.preventDefault());
  file.addEventListener("change", () => preview(file.files[0]));
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragenter" || kind === "dragover");
    });
  }
  drop.addEventListener("drop", (event) => preview(event.dataTransfer.files[0]));
  keep.addEventListener("click", async () => {
    keep.disabled = true;
    const answer = await send("POST", `/api/v1/reports?name=${encodeURIComponent(chosen.name)}`, token.value, chosen);
    keep.disabled = false;
    if (!answer.ok) return showError(answer.data.detail);
    keep.hidden = true;
    const links = answer.data.reports.map((report) => {
      const link = document.createElement("a");
      link.href = `${base}/reports/${encodeURIComponent(report.id)}`;
      link.textContent = `${form.dataset.open}: ${report.title || report.id}`;
      return line(link);
    });
    outline.replaceChildren(line(form.dataset.kept), ...links);
  });

  async function preview(given) {
    if (!given || !token.reportValidity()) return;
    chosen = given;
    keep.hidden = true;
    outline.replaceChildren(line(`${form.dataset.reading} ${given.name}`));
    const answer = await send("POST", `/api/v1/preview?name=${encodeURIComponent(given.name)}`, token.value, given);
    if (!answer.ok) return showError(answer.data.detail);
    outline.replaceChildren(...answer.data.reports.flatMap(shown), ...answer.data.notes.map(line));
    keep.hidden = false;
    keep.focus();
  }

  function showError(detail) {
    outline.replaceChildren(line(`${form.dataset.failed} ${detail ?? ""}`));
  }

  function shown(report) {
    const title = document.createElement("h2");
    title.lang = "vi";
    title.textContent = report.title;
    const facts = [report.kind, report.number, report.issuing_body, report.date, report.term?.join("–"), form.dataset.count.replace("{n}", report.passages)];
    const list = document.createElement("ul");
    list.className = "upload-outline";
    list.lang = "vi";
    let before = [];
    for (const { path, passages } of report.headings) {
      const from = path.findIndex((text, level) => text !== before[level]);
      path.forEach((text, level) => {
        if (from >= 0 && level >= from && level < path.length - 1) list.append(heading(text, level));
      });
      list.append(heading(path.at(-1) ?? "–", Math.max(path.length - 1, 0), passages));
      before = path;
    }
    const card = document.createElement("section");
    card.className = "upload-read";
    card.append(title, line(facts.filter(Boolean).join(" · ")), list);
    return [card];
  }

  function heading(text, level, passages) {
    const item = document.createElement("li");
    item.className = `level-${Math.min(level, 4)}`;
    item.textContent = text;
    if (passages) {
      const count = document.createElement("span");
      count.className = "check-n";
      count.textContent = passages;
      item.append(" ", count);
    }
    return item;
  }
}

export function correcting() {
  const form = document.getElementById("correct");
  if (!form) return;
  form.elements.token.value = sessionStorage.getItem(KEPT) ?? "";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = { area: form.elements.area.value, assessment: form.elements.assessment.value };
    if (form.elements.who.value) body.who = form.elements.who.value;
    const file = new Blob([JSON.stringify(body)], { type: "application/json" });
    const answer = await send("PUT", form.dataset.address, form.elements.token.value, file);
    if (answer.ok) location.reload();
    else say(`${form.dataset.failed} ${answer.data.detail ?? ""}`, { show: true });
  });
}

async function send(method, address, token, body) {
  try {
    const headers = { Authorization: `Bearer ${token}`, Accept: "application/json", "Accept-Language": document.documentElement.lang, "Content-Type": body.type || "application/octet-stream" };
    const answer = await fetch(base + address, { method, headers, body });
    if (answer.ok) sessionStorage.setItem(KEPT, token);
    return { ok: answer.ok, data: await answer.json() };
  } catch {
    return { ok: false, data: {} };
  }
}

function line(content) {
  const paragraph = document.createElement("p");
  paragraph.append(content);
  return paragraph;
}
