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
  document.addEventListener("htmx:beforeRequest", () => {
    problem().textContent = "";
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
})();
