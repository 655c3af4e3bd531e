// The form of a variant: of segments and rule only that is shown which decides who sees it. Without scripts both are.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const kind = document.getElementById("id_audience_kind");
  if (!kind) return;
  const rows = { segments: document.querySelector(".field-segments"), rule: document.querySelector(".field-rule") };
  const show = () => {
    const shown = kind.value === "not_in" ? "segments" : kind.value;
    for (const [name, row] of Object.entries(rows)) {
      if (row) row.hidden = name !== shown;
    }
  };
  kind.addEventListener("change", show);
  show();
});
