// Ctrl+Enter sends a form from within a text of several lines, where Enter alone begins a new line.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (event.target.tagName !== "TEXTAREA" || !event.target.form) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
})();
