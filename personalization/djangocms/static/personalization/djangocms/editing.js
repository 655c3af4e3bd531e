// The tabs of a block in a page that is edited: the one that was open is open again after the CMS drew the page anew.
"use strict";

(() => {
  const KEPT = "attune-open-tabs";

  const open = () => {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT)) || {};
    } catch {
      return {}; // no storage: the first tab is open
    }
  };

  document.addEventListener("change", (event) => {
    const choice = event.target;
    if (!choice.matches(".attune-edited-choice")) return;
    const block = choice.closest("[data-attune-edited]").dataset.attuneEdited;
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ ...open(), [block]: choice.value }));
    } catch {
      // nothing can be kept
    }
  });

  const restore = () => {
    for (const [block, variant] of Object.entries(open())) {
      for (const edited of document.querySelectorAll(`[data-attune-edited="${CSS.escape(block)}"]`)) {
        const choice = edited.querySelector(`:scope > .attune-edited-choice[value="${CSS.escape(variant)}"]`);
        if (choice) choice.checked = true;
      }
    }
  };

  window.addEventListener("cms-content-refresh", restore);
  restore();
})();
