// Rich text in the admin: the editor that takes a field's place is called as the field is, and its label leads to it.
(() => {
  "use strict";

  // A button for each personal field writes it, after asking what else there shall be.
  const offerFields = (editor, textarea) => {
    const { attuneFields, attuneInsert, attuneOtherwise } = textarea.dataset;
    if (!attuneFields) return;
    const bar = document.createElement("div");
    bar.className = "attune-fields";
    bar.append(`${attuneInsert}: `);
    for (const name of attuneFields.split(" ")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "attune-field";
      button.textContent = name.replaceAll("_", " ");
      button.addEventListener("click", () => {
        const otherwise = window.prompt(attuneOtherwise, "");
        if (otherwise === null) return;
        const text = `{{ visitor.${name}|default:"${otherwise.replace(/["{}|\\]/g, "").trim()}" }}`;
        editor.chain().focus().insertContent({ type: "text", text }).run();
      });
      bar.append(button);
    }
    editor.view.dom.closest(".prose-editor")?.append(bar);
  };

  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    offerFields(editor, textarea);
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
