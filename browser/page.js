// The page: it shows what the worker answers. Texts of reports only ever become text nodes.
const WORDS = {
  vi: {
    promise: "Tìm trong báo cáo ngay trên trình duyệt này: không cài đặt, không gửi gì đi.",
    reports: "Báo cáo", drop: "Thả tệp vào đây, hoặc chọn:", samples: "Dùng báo cáo mẫu", search: "Tìm kiếm",
    query: "Câu tìm", go: "Tìm", area: "Lĩnh vực", assessment: "Đánh giá", all: "Tất cả", export: "Xuất CSV", more: "Xem thêm",
    achievement: "Mặt được", shortcoming: "Tồn tại", cause: "Nguyên nhân", none: "Không đánh giá", remove: "Xóa",
    python: "Đang tải Python…", packages: "Đang tải các gói…", index: "Đang mở chỉ mục…", ready: "Sẵn sàng.",
    format: "trang này không đọc được định dạng ấy, hoặc của một tệp trong đó",
    working: "Đang cập nhật chỉ mục…", reading: (name) => `Đang đọc ${name}…`, found: (n) => (n ? `${n} đoạn` : "Không tìm thấy đoạn nào"),
    passages: (n) => `${n} đoạn`, readable: (list) => `Đọc được: ${list}; bản quét thì không.`, chart: "Biểu đồ: mặt được và tồn tại theo lĩnh vực", other: "English", unnamed: "Lĩnh vực",
    instead: "Có phải bạn muốn tìm:", wordless: "Không có từ nào để tìm", lacks: (list) => `Không có: ${list}`,
    "fewer-words": "Không đoạn nào có đủ các từ đã gõ; đây là những đoạn có một phần", "apart": "Không đoạn nào có hai từ này liền nhau; đây là những đoạn có một hoặc cả hai", partial: "Những đoạn sau thiếu một số từ:",
    numbered: (list) => `Đây là số của văn bản: ${list}`, variants: (typed, list) => `Đã tìm cả tên khác của ${typed}: ${list}`,
    operators: (list) => `Đã hiểu là phép tìm: ${list}; để trong ngoặc kép thì tìm như từ thường`, unfiltered: (n) => `Bỏ bộ lọc: ${n} đoạn`,
  },
  en: {
    promise: "Search reports in this browser: nothing is installed, nothing is sent.",
    reports: "Reports", drop: "Drop files here, or choose:", samples: "Use the sample reports", search: "Search",
    query: "Query", go: "Search", area: "Area", assessment: "Assessment", all: "All", export: "Export CSV", more: "Show more",
    achievement: "Achievements", shortcoming: "Shortcomings", cause: "Causes", none: "No assessment", remove: "Remove",
    python: "Loading Python…", packages: "Loading packages…", index: "Opening the index…", ready: "Ready.",
    format: "this page cannot read that format, or that of a file in it",
    working: "Updating the index…", reading: (name) => `Reading ${name}…`, found: (n) => (n ? `${n} passages` : "No passages found"),
    passages: (n) => `${n} passages`, readable: (list) => `Readable: ${list}; no scans.`, chart: "Chart: achievements and shortcomings by area", other: "Tiếng Việt", unnamed: "Area",
    instead: "Did you mean:", wordless: "There is no word to look for", lacks: (list) => `Without: ${list}`,
    "fewer-words": "No passage has all words of the query; these have some of them", "apart": "No passage has these words side by side; these hold one or both", partial: "These lack some of the words:",
    numbered: (list) => `This is the number of: ${list}`, variants: (typed, list) => `Also searched for ${typed}: ${list}`,
    operators: (list) => `Read as operators: ${list}; in quotation marks they are words`, unfiltered: (n) => `Without filters: ${n} passages`,
  },
};
const PAGE_SIZE = 10;
const $ = (id) => document.getElementById(id);
const worker = new Worker("./worker.js", { type: "module" });
const waiting = new Map();
let language = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "vi";
let words = WORDS[language];
let areas = {};
let reports = [];
let formats = []; // suffixes, as the table of formats in Python has them
let shown = 0;

worker.onmessage = ({ data }) => {
  if (data.progress) return say(words[data.progress]);
  const { done, failed } = waiting.get(data.id);
  waiting.delete(data.id);
  if (data.error === undefined) done(data.value);
  else failed(new Error(data.reason ? words[data.reason] : data.error));
};
worker.onerror = (event) => say(event.message);

let calls = 0;
function ask(name, args = {}, content = undefined) {
  return new Promise((done, failed) => {
    const id = ++calls;
    waiting.set(id, { done, failed });
    worker.postMessage({ id, name, args, content, language });
  });
}

function say(text) {
  $("status").textContent = text;
}

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function options(select, entries) {
  const chosen = select.value;
  select.replaceChildren(element("option", words.all, { value: "" }));
  for (const [value, label] of entries) select.append(element("option", label, { value }));
  select.value = chosen;
}

function translate() {
  document.documentElement.lang = language;
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = words[each.dataset.text];
  $("language").textContent = words.other;
  options($("assessment"), ["achievement", "shortcoming", "cause", "none"].map((one) => [one, words[one]]));
  options($("area"), Object.entries(areas));
  $("formats").textContent = formats.length ? words.readable(formats.join(", ")) : "";
  showReports();
}

function showReports() {
  $("reports").replaceChildren(
    ...reports.map((report) => {
      const item = element("li");
      const button = element("button", words.remove, { type: "button", "aria-label": `${words.remove}: ${report.title}` });
      button.onclick = () => change("remove", { report: report.id });
      item.append(element("span", `${report.title} · ${words.passages(report.passages)}`), button);
      return item;
    }),
  );
}

function take(state) {
  ({ reports, areas, formats } = state);
  $("chosen").accept = state.suffixes.join(",");
  translate();
}

async function change(name, args = {}) {
  say(words.working);
  try {
    take(await ask(name, args));
    say(words.ready);
  } catch (error) {
    say(error.message);
  }
}

async function add(files) {
  $("failed").replaceChildren();
  navigator.storage?.persist?.(); // else a browser short of space may drop the reports
  for (const file of files) {
    say(words.reading(file.name));
    try {
      await ask("put", { name: file.name }, new Uint8Array(await file.arrayBuffer()));
    } catch (error) {
      const named = error.message.includes(file.name);
      $("failed").append(element("li", named ? error.message : `${file.name}: ${error.message}`));
    }
    take(await ask("state"));
  }
  say(words.ready);
}

const quoted = (list) => list.map((word) => `“${word}”`).join(", ");

function filters() {
  return { area: $("area").value, assessment: $("assessment").value };
}

function marked(text, spans) {
  // Spans count code points, as Python does.
  const letters = Array.from(text);
  const parts = document.createDocumentFragment();
  let at = 0;
  for (const [start, end] of spans) {
    parts.append(letters.slice(at, start).join(""), element("mark", letters.slice(start, end).join("")));
    at = end;
  }
  parts.append(letters.slice(at).join(""));
  return parts;
}

function hitItem(hit, partial) {
  const { passage } = hit;
  const item = element("li", "", { value: hit.rank });
  const where = element("p", "", { class: "where" });
  where.append(areas[passage.area] ?? passage.area);
  if (passage.assessment)
    where.append(" · ", element("span", words[passage.assessment], { class: passage.assessment }));
  const text = element("p", "", { class: "text" });
  text.append(marked(passage.text, hit.highlights));
  item.append(
    where,
    text,
    element("p", [hit.report_title, ...passage.heading_path].filter(Boolean).join(" › "), { class: "path" }),
  );
  if (partial && hit.missing_words.length)
    item.append(element("p", words.lacks(hit.missing_words.join(", ")), { class: "path" }));
  return item;
}

function chart(counts) {
  const rows = new Map();
  for (const [area, assessment, count] of counts) {
    if (assessment !== "achievement" && assessment !== "shortcoming") continue;
    const row = rows.get(area) ?? { achievement: 0, shortcoming: 0 };
    row[assessment] = count;
    rows.set(area, row);
  }
  $("chart").replaceChildren();
  if (!rows.size) return;
  const most = Math.max(...[...rows.values()].flatMap((row) => [row.achievement, row.shortcoming]));
  const table = element("table");
  table.append(element("caption", words.chart));
  const head = element("tr");
  head.append(element("th", words.area), element("td", words.achievement), element("td", words.shortcoming));
  table.append(head);
  for (const [area, row] of rows) {
    const line = element("tr");
    line.append(element("th", areas[area] ?? area, { scope: "row" }));
    for (const kind of ["achievement", "shortcoming"]) {
      const cell = element("td", "", { class: kind });
      const bar = element("meter", "", { value: row[kind], max: most, "aria-label": words[kind] });
      const button = element("button", String(row[kind]), { type: "button" });
      button.onclick = () => {
        $("area").value = area;
        $("assessment").value = kind;
        search(0);
      };
      cell.append(bar, " ", button);
      line.append(cell);
    }
    table.append(line);
  }
  $("chart").append(table);
}

// Other words than those typed are never searched without saying so.
function notesOf(found) {
  const notes = [found.wordless ? words.wordless : words.found(found.total), ...found.notes];
  if (found.numbered.length) notes.push(words.numbered(quoted(found.numbered)));
  if (found.operators.length) notes.push(words.operators(quoted(found.operators)));
  for (const [typed, names] of Object.entries(found.variants)) notes.push(words.variants(typed, quoted(names)));
  if (found.relaxed) notes.push(words[found.relaxed]);
  const without = Object.values(found.without_filters);
  if (without.length) notes.push(words.unfiltered(Math.max(...without)));
  return notes;
}

function suggestion(query) {
  const button = element("button", query, { type: "button", id: "meant" });
  button.onclick = () => {
    $("query").value = query;
    search(0);
  };
  return button;
}

async function search(offset) {
  try {
    const found = await ask("search", { query: $("query").value, offset, limit: PAGE_SIZE, language, ...filters() });
    if (!offset) $("results").replaceChildren();
    const partial = Boolean(found.relaxed || found.missing.length);
    $("results").append(...found.hits.map((hit) => hitItem(hit, partial)));
    if (found.partial.length)
      $("results").append(
        element("li", words.partial, { class: "below" }),
        ...found.partial.map((hit) => hitItem(hit, true)),
      );
    shown = offset + found.hits.length;
    $("more").hidden = shown >= found.total;
    chart(found.counts);
    say(notesOf(found).join(". "));
    if (found.did_you_mean) $("status").append(". ", words.instead, " ", suggestion(found.did_you_mean));
  } catch (error) {
    $("results").replaceChildren(); // else those of the query before
    $("chart").replaceChildren();
    $("more").hidden = true;
    say(error.message);
  }
}

$("form").onsubmit = (event) => {
  event.preventDefault();
  search(0);
};
$("more").onclick = () => search(shown);
$("area").onchange = $("assessment").onchange = () => search(0);
$("chosen").onchange = (event) => add([...event.target.files]);
$("samples").onclick = () => change("samples");
$("language").onclick = () => {
  language = language === "vi" ? "en" : "vi";
  words = WORDS[language];
  translate();
};
$("export").onclick = async () => {
  try {
    const text = await ask("export", { query: $("query").value, ...filters() });
    const link = element("a", "", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: "tracuu.csv" });
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (error) {
    say(error.message);
  }
};
const drop = $("drop");
drop.ondragover = (event) => {
  event.preventDefault();
  drop.classList.add("over");
};
drop.ondragleave = () => drop.classList.remove("over");
drop.ondrop = (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  add([...event.dataTransfer.files]);
};

translate();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("./service-worker.js");
ask("start")
  .then((state) => {
    take(state);
    say(words.ready);
    document.body.dataset.ready = "yes";
  })
  .catch((error) => say(error.message));
