// A button that copies the text above it; the browser lends the clipboard only to pages of this machine or by TLS, else the text is marked.
"use strict";

(() => {
  const offer = (root) => {
    for (const button of root.querySelectorAll("[data-copies]")) button.hidden = false;
  };
  document.addEventListener("htmx:load", (event) => offer(event.detail.elt.parentElement || document));
  document.addEventListener("DOMContentLoaded", () => offer(document));

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const row = button.closest(".actions");
    const text = row.previousElementSibling;
    const say = (words) => { row.querySelector("[role=status]").textContent = words; };
    try {
      await navigator.clipboard.writeText(text.textContent);
      say(button.dataset.copied);
    } catch {
      getSelection().selectAllChildren(text);
      say(button.dataset.marked);
    }
  });
})();
