// The form of a variant: only those rows are shown that what was chosen makes matter. Without scripts all are.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const CHOICES = {
    audience_kind: { segments: ["segments"], not_in: ["segments"], rule: ["rule"] },
    rest_after: { goal: ["rest_goal"] },
  };
  for (const [choice, rowsOf] of Object.entries(CHOICES)) {
    const kind = document.getElementById(`id_${choice}`);
    if (!kind) continue;
    const show = () => {
      const shown = rowsOf[kind.value] || [];
      for (const name of Object.values(rowsOf).flat()) {
        const row = document.querySelector(`.form-row.field-${name}`);
        if (row) row.hidden = !shown.includes(name) && !row.querySelector(".errorlist");
      }
    };
    kind.addEventListener("change", show);
    show();
  }
});
