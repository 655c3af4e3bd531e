// Rich text in the admin: the editor that takes a field's place is called as the field is, and its label leads to it.
(() => {
  "use strict";

  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    const label = textarea.labels[0];
    const written = editor.view.dom;
    written.setAttribute("role", "textbox");
    written.setAttribute("aria-multiline", "true");
    if (textarea.hasAttribute("aria-describedby")) {
      written.setAttribute("aria-describedby", textarea.getAttribute("aria-describedby"));
    }
    if (label) {
      written.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""));
      label.addEventListener("click", () => editor.commands.focus());
    }
  });
})();
