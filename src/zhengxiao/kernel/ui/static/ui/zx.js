// Progressive enhancement only: every page works without this file.
(function () {
  "use strict";
  document.documentElement.classList.add("zx-js");

  function typing(node) {
    return node && (/^(INPUT|SELECT|TEXTAREA)$/.test(node.tagName) || node.isContentEditable);
  }

  function seen(node) {
    return node && node.offsetParent !== null;
  }

  function searchBox() {
    return Array.from(document.querySelectorAll("[data-search], [data-filter-text]")).find(seen);
  }

  function rowLink(row) {
    return row && row.querySelector("td a[href]");
  }

  // j and k walk along the rows of the first table of rows; Enter then follows the focused link by itself.
  function step(by) {
    const rows = Array.from(document.querySelectorAll("table[data-rows] tbody tr")).filter(rowLink);
    if (!rows.length) return false;
    const now = rows.findIndex(function (row) { return row.classList.contains("is-on"); });
    const next = rows[Math.min(rows.length - 1, Math.max(0, now < 0 ? 0 : now + by))];
    rows.forEach(function (row) { row.classList.toggle("is-on", row === next); });
    rowLink(next).focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function follow(selector) {
    const link = Array.from(document.querySelectorAll(selector)).find(seen);
    if (link) link.click();
    return Boolean(link);
  }

  function help() {
    const dialog = document.getElementById("zx-help");
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
    return Boolean(dialog);
  }

  function openMenu() {
    return document.querySelector("details.zx-pop[open], details.zx-user-menu[open], details.zx-menu[open]");
  }

  // Esc closes what is open, leaves a field, or goes back one level: to the last link of the crumbs.
  function back(event) {
    const menu = openMenu();
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return true;
    }
    if (typing(event.target)) {
      event.target.blur();
      return true;
    }
    const crumbs = document.querySelectorAll(".zx-crumbs a[href]");
    if (crumbs.length) crumbs[crumbs.length - 1].click();
    return crumbs.length > 0;
  }

  function focusSearch() {
    const box = searchBox();
    if (box) {
      box.focus();
      box.select();
    }
    return Boolean(box);
  }

  const keys = {
    "/": focusSearch,
    "?": help,
    j: function () { return step(1); },
    k: function () { return step(-1); },
    "[": function () { return follow("a[rel=prev]"); },
    "]": function () { return follow("a[rel=next]"); }
  };

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    let done = false;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") done = focusSearch();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "Escape") done = back(event);
    else if (!typing(event.target) && Object.hasOwn(keys, event.key)) done = keys[event.key](event);
    if (done) event.preventDefault();
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-help]")) help();
    if (event.target.closest("[data-print]")) window.print();
    document.querySelectorAll("details.zx-pop[open], details.zx-user-menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // Ctrl+Enter sends a form from within a text of several lines, where Enter alone begins a new line.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (event.target.tagName !== "TEXTAREA" || !event.target.form) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });

  // A second press of the same button must not send the form twice.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  function say(words) {
    const area = document.getElementById("messages");
    if (!area || !words) return;
    const box = document.createElement("div");
    box.className = "zx-message is-error";
    box.textContent = words;
    area.replaceChildren(box);
  }
  function words(name) {
    const dialog = document.getElementById("zx-help");
    return dialog ? dialog.dataset[name] : "";
  }
  document.addEventListener("htmx:sendError", function () { say(words("offline")); });
  document.addEventListener("htmx:timeout", function () { say(words("offline")); });
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.xhr.status >= 500 && !event.detail.xhr.getResponseHeader("HX-Retarget")) {
      event.detail.shouldSwap = false;
      say(words("failed"));
    }
  });

  if (window.matchMedia("(max-width: 767.98px)").matches) {
    document.querySelectorAll("details.zx-filters").forEach(function (box) { box.open = false; });
    document.addEventListener("htmx:beforeSwap", function () {
      const box = document.querySelector("details.zx-filters");
      document.body.dataset.filters = box && box.open ? "1" : "";
    });
    document.addEventListener("htmx:afterSwap", function () {
      const box = document.querySelector("details.zx-filters");
      if (box) box.open = document.body.dataset.filters === "1";
    });
  }
})();
