// What the pages do without being loaded again: keys that lead from page to page, and failures that are said where they are seen.
"use strict";

(() => {
  const problem = () => document.getElementById("problem");

  // A request of htmx that failed: the answer is a paragraph in words.
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const isFragment = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/html") && xhr.responseText.length < 2000;
    const words = new DOMParser().parseFromString(isFragment ? xhr.responseText : "", "text/html").body.textContent.trim();
    problem().textContent = words || `${xhr.status}`;
    problem().scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("htmx:sendError", () => {
    problem().textContent = problem().dataset.away;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!("quiet" in event.detail.elt.dataset)) problem().textContent = ""; // a look for news takes nothing back
  });

  // g, then a page's key: there.
  let leads = false;
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, textarea, select, [contenteditable]");
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    if (leads) {
      leads = false;
      const link = [...document.querySelectorAll("nav a[data-key]")].find((one) => one.dataset.key === event.key);
      if (link) {
        event.preventDefault();
        link.click();
      }
    } else if (event.key === "g") {
      leads = true;
      setTimeout(() => { leads = false; }, 1000);
    }
  });

  // A list keeps its place when it is loaded again: what is unfolded (htmx keeps the rest) and which line has the focus.
  const list = () => document.querySelector("[data-items]");
  const lines = () => [...document.querySelectorAll("[data-item]")];
  const present = () => document.activeElement.closest("[data-item]");
  let place = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== list()) return;
    const line = present();
    const { path, parameters } = event.detail.requestConfig;
    place = {
      back: new URLSearchParams(parameters instanceof FormData ? [...parameters] : parameters).get("verb") === "undo" ? path.split("/").pop() : "",
      focused: document.activeElement.id,
      line: line ? line.dataset.item : null,
      index: line ? lines().indexOf(line) : -1,
      open: [...document.querySelectorAll("details[data-stays][open]")].map((one) => one.id),
    };
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (place === null || event.detail.target !== list()) return;
    for (const id of place.open) document.getElementById(id)?.setAttribute("open", "");
    const restored = place.back && lines().find((one) => one.dataset.item === place.back);
    if (restored) {
      restored.focus({ preventScroll: true });
      restored.scrollIntoView({ block: "nearest" });
    } else if (place.line !== null && !present()) {
      const same = (place.focused && document.getElementById(place.focused)) || lines().find((one) => one.dataset.item === place.line);
      const next = same || lines()[Math.min(place.index, lines().length - 1)];
      next?.focus({ preventScroll: Boolean(same) });
    }
    place = null;
    startBar();
  });

  // What was just done stands there for ten seconds, and longer while somebody points at it or has the focus in it.
  let waiting = 0;
  const startBar = () => {
    clearTimeout(waiting);
    const bar = document.querySelector("#undo .bar");
    if (!bar) return;
    const leave = () => {
      if (!bar.isConnected) return;
      if (bar.matches(":hover, :focus-within")) waiting = setTimeout(leave, 1000);
      else bar.remove();
    };
    waiting = setTimeout(leave, Number(bar.dataset.seconds) * 1000);
  };
  document.addEventListener("htmx:oobAfterSwap", startBar);
  startBar();

  // j, k: from line to line; d, s, w: what settles or explains it; u: undo; ?: all keys.
  const help = document.querySelector("[data-help]");
  if (help) {
    help.hidden = false;
    help.addEventListener("click", () => document.getElementById("keys").showModal());
  }
  const step = (by) => {
    const all = lines();
    const at = all.indexOf(present());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const press = (selector) => present()?.querySelector(selector)?.click();
  const unfold = (selector) => {
    const details = present()?.querySelector(selector);
    if (!details) return;
    details.open = !details.open;
    if (details.open) details.querySelector("button, summary")?.focus();
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    d: () => press("[data-verb=confirm], [data-verb=done]"),
    s: () => unfold("details[data-unfolds=later]"),
    w: () => unfold("details[data-unfolds=more]"),
    u: () => document.querySelector("#undo [data-verb=undo]")?.click(),
    "?": () => document.getElementById("keys")?.showModal(),
  };
  let led = false;
  document.addEventListener("keydown", (event) => {
    const afterG = led;
    led = event.key === "g";
    if (afterG || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || !list() || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
