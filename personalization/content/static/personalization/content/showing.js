// The form of a block: what does not apply to how it appears, or to how many of its variants do, is not asked.
(() => {
  "use strict";

  const input = (name) => document.getElementById(`id_${name}`);

  // Beside another field, what is wrong and what helps stand around the box, in an element of the field's own.
  const boxOf = (field) => field.closest(".fieldBox")?.parentElement || field.closest(".form-row");

  const show = (name, matters) => {
    const field = input(name);
    const box = field && boxOf(field);
    if (!box) return;
    box.hidden = !matters && !box.querySelector(".errorlist");
    const row = box.closest(".form-row");
    if (row !== box) row.hidden = [...row.querySelectorAll(".fieldBox")].every((one) => one.parentElement.hidden);
  };

  const showWhatMatters = () => {
    const isRevealed = input("show")?.value === "revealed";
    show("pick_most", input("pick")?.value !== "first");
    show("room", input("show")?.value !== "in_place");
    show("reveal_on", isRevealed);
    show("reveal_after", isRevealed && input("reveal_on")?.value !== "exit");
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const name of ["show", "reveal_on", "pick"]) input(name)?.addEventListener("change", showWhatMatters);
    showWhatMatters();
  });
})();
