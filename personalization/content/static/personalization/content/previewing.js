// The page of the admin that makes a link to a preview: copies it.
(() => {
  "use strict";

  document.addEventListener("click", async ({ target }) => {
    const id = target.dataset.attuneCopy;
    if (!id) return;
    const field = document.getElementById(id);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      target.textContent = target.dataset.attuneCopied;
    } catch {
      // It is selected, and can be copied by hand.
    }
  });
})();
