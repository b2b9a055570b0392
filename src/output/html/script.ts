/**
 * The one script of a report: sorts and filters the list, and builds what is in a call when it is opened. Browsers that
 * run scripts hold what is inside `noscript` as text, which costs a page of thousands of calls next to nothing; the others
 * show it. The text is our own markup, escaped like the rest.
 */
export const script = `
"use strict";
(() => {
  const id = (name) => document.getElementById(name);
  const list = id("list");
  if (!list) return;
  const rows = Array.from(list.querySelectorAll("li[data-n]"));
  const days = Array.from(list.querySelectorAll("li.day"));
  const heads = Array.from(document.querySelectorAll(".heads button"));
  const fields = ["text", "status", "rule", "worst", "from", "until"].map((name) => id("by-" + name));
  const [text, status, rule, worst, from, until] = fields;
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  const all = rows.length.toLocaleString("en-US");

  function build(call) {
    const waiting = call.querySelector("noscript");
    if (!waiting || waiting.nextElementSibling) return;
    const body = document.createElement("template");
    body.innerHTML = waiting.textContent;
    call.append(body.content);
  }

  function show(name) {
    const call = name.startsWith("call-") && id(name);
    if (!call) return;
    if (call.parentElement.hidden) {
      for (const field of fields) field.value = "";
      filter();
    }
    call.open = true;
    build(call);
    call.scrollIntoView();
    call.firstElementChild.focus({ preventScroll: true });
  }

  function plain(row) {
    row.plain ??= row.textContent.replace(/<[^>]*>/g, " ").toLowerCase();
    return row.plain;
  }

  function filter() {
    const wanted = text.value.trim().toLowerCase();
    // What has not been opened is markup, in which these stand as entities.
    const escaped = wanted.replace(/[&<>"']/g, (sign) => entities[sign]);
    let shown = 0;
    for (const row of rows) {
      const { data } = row;
      const isShown =
        (!status.value || data.status === status.value) &&
        (!rule.value || data.rules.split(" ").includes(rule.value)) &&
        (!worst.value || worst.value.includes(data.worst)) &&
        (!from.value || data.clock >= from.value) &&
        (!until.value || (data.clock && data.clock < until.value)) &&
        (!wanted || plain(row).includes(wanted) || plain(row).includes(escaped));
      row.hidden = !isShown;
      if (isShown) shown++;
    }
    const isWhole = fields.every((field) => !field.value);
    id("shown").textContent = (isWhole ? all : shown.toLocaleString("en-US") + " of " + all) + (rows.length === 1 ? " call" : " calls");
    id("reset").hidden = isWhole;
    markDays();
  }

  function markDays() {
    const isByTime = heads.some((head) => head.dataset.by === "n" && head.dataset.way === "up");
    let day;
    let isEmpty = true;
    for (const item of list.children) {
      if (item.classList.contains("day")) {
        if (day) day.hidden = isEmpty || !isByTime;
        day = item;
        isEmpty = true;
      } else if (!item.hidden) isEmpty = false;
    }
    if (day) day.hidden = isEmpty || !isByTime;
  }

  function sort(head) {
    const { by, first } = head.dataset;
    const way = head.dataset.way ? (head.dataset.way === "up" ? "down" : "up") : first;
    for (const each of heads) {
      delete each.dataset.way;
      each.setAttribute("aria-pressed", String(each === head));
    }
    head.dataset.way = way;
    const sign = way === "up" ? 1 : -1;
    const isText = head.dataset.kind === "text";
    const key = (row) => (isText ? row.data[by] : row.data[by] === "" ? undefined : Number(row.data[by]));
    const sorted = rows.toSorted((one, other) => {
      const [a, b] = [key(one), key(other)];
      if (a === b) return one.data.n - other.data.n;
      if (a === undefined || a === "") return 1;
      if (b === undefined || b === "") return -1;
      return a > b ? sign : -sign;
    });
    const isByTime = by === "n" && way === "up";
    const order = isByTime ? [...days, ...rows].sort((one, other) => one.place - other.place) : [...days, ...sorted];
    list.append(...order);
    markDays();
    id("sorted").textContent = "Sorted by " + head.textContent + (way === "up" ? ", ascending" : ", descending");
  }

  for (const [place, item] of Array.from(list.children).entries()) item.place = place;
  for (const row of rows) row.data = { ...row.dataset };
  for (const item of document.querySelectorAll(".only-script")) item.hidden = false;
  let timer;
  for (const field of fields)
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(filter, field === text ? 150 : 0);
    });
  for (const head of heads) head.addEventListener("click", () => sort(head));
  id("reset").addEventListener("click", () => {
    for (const field of fields) field.value = "";
    filter();
    text.focus();
  });
  for (const button of document.querySelectorAll("button[data-rule]"))
    button.addEventListener("click", () => {
      for (const field of fields) field.value = "";
      rule.value = button.dataset.rule;
      filter();
      id("calls").scrollIntoView();
      rule.focus({ preventScroll: true });
    });
  list.addEventListener("toggle", (event) => event.target.matches(".call") && event.target.open && build(event.target), true);
  window.addEventListener("hashchange", () => show(location.hash.slice(1)));
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#call-"]');
    if (link && link.hash === location.hash) show(link.hash.slice(1));
  });
  for (const call of list.querySelectorAll(".call[open]")) build(call);
  filter();
  if (location.hash) show(location.hash.slice(1));
})();
`;
