// On a segment's page: takes over the rules to start from. Without it they can be copied.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("textarea.attune-rule");
  if (!field) {
    return;
  }
  for (const button of document.querySelectorAll("button.attune-use-example")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field.value = button.parentElement.querySelector("pre").textContent;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
});
