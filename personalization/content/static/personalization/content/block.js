// The page of a block: variants are ordered by dragging or by buttons, and show only the fields that matter.
(() => {
  "use strict";

  const STEP = 10;
  // Which rows matter for which choice; a row with a mistake in it is always shown.
  const CHOICES = {
    audience_kind: { segments: ["segments"], not_in: ["segments"], rule: ["rule", "rule_in_words"] },
    rest_after: { goal: ["rest_goal"] },
    body_kind: {
      rich_text: ["body"],
      template: ["template_name"],
      cta: ["cta"],
      items: ["items_source", "items_count", "items_title"],
      image: ["picture", "picture_shape", "picture_link"],
      offer: ["body", "offer_code", "code_stock", "offer_terms", "offer_price"],
    },
  };

  const element = (tag, attributes, text = "") => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    return made;
  };

  const field = (variant, name) => variant.querySelector(`[name$="-${name}"]`);

  const showWhatMatters = (variant) => {
    for (const [choice, rowsOf] of Object.entries(CHOICES)) {
      const select = field(variant, choice);
      if (!select) continue;
      const wanted = rowsOf[select.value] || [];
      for (const name of Object.values(rowsOf).flat()) {
        const row = variant.querySelector(`.form-row.field-${name}`);
        if (row) row.hidden = !wanted.includes(name) && !row.querySelector(".errorlist");
      }
    }
  };

  const bringToLife = (root) => {
    const labels = root.dataset;
    const variants = () => [...root.querySelectorAll(".inline-related:not(.empty-form)")];
    const say = (text) => {
      root.querySelector(".attune-live").textContent = text;
    };
    let dragged = null;

    const renumber = () => {
      variants().forEach((variant, index) => {
        const order = field(variant, "order");
        if (order) order.value = (index + 1) * STEP;
      });
    };

    const summarize = (variant) => {
      const name = field(variant, "name");
      const audience = field(variant, "audience_kind");
      const enabled = field(variant, "enabled");
      const parts = [];
      const segments = [...variant.querySelectorAll('input[name$="-segments"]:checked')];
      const names = segments.map((segment) => segment.closest("label").textContent.trim()).join(", ");
      if (audience) {
        const kind = audience.selectedOptions[0].textContent;
        if (audience.value === "segments" && names) parts.push(names);
        else parts.push(audience.value === "not_in" && names ? `${kind}: ${names}` : kind);
      }
      const languages = [...variant.querySelectorAll('input[name$="-languages"]:checked')];
      if (languages.length) parts.push(languages.map((one) => one.closest("label").textContent.trim()).join(", "));
      if (enabled && !enabled.checked) parts.push(labels.labelOff);
      variant.querySelector(".attune-name").textContent = (name && name.value) || labels.labelNew;
      if (variant.querySelector(".attune-finding")) parts.push(`⚠ ${labels.labelLook}`);
      variant.querySelector(".attune-summary").textContent = parts.join(" · ");
    };

    const open = (variant, isOpen) => {
      variant.classList.toggle("attune-closed", !isOpen);
      variant.querySelector(".attune-toggle").setAttribute("aria-expanded", String(isOpen));
    };

    const move = (variant, by) => {
      const all = variants();
      const from = all.indexOf(variant);
      const to = from + by;
      if (to < 0 || to >= all.length) return;
      if (by < 0) all[to].before(variant);
      else all[to].after(variant);
      renumber();
      say(`${labels.labelMoved} ${to + 1}`);
    };

    const mover = (variant, label, sign, by) => {
      const button = element("button", { type: "button", class: "attune-move", "aria-label": label, title: label }, sign);
      button.addEventListener("click", () => {
        move(variant, by);
        button.focus();
      });
      return button;
    };

    const setUp = (variant) => {
      if (variant.classList.contains("attune-ready")) return;
      variant.classList.add("attune-ready");
      const heading = variant.querySelector("h3");
      const toggle = element("button", { type: "button", class: "attune-toggle", "aria-expanded": "true" });
      toggle.append(element("span", { class: "attune-name" }), element("span", { class: "attune-summary" }));
      toggle.addEventListener("click", () => open(variant, variant.classList.contains("attune-closed")));
      heading.prepend(toggle);
      if (field(variant, "order")) {
        const handle = element("span", { class: "attune-handle", draggable: "true", title: labels.labelDrag }, "⠿");
        handle.addEventListener("dragstart", (event) => {
          dragged = variant;
          event.dataTransfer.effectAllowed = "move";
          event.dataTransfer.setData("text/plain", "");
          event.dataTransfer.setDragImage(heading, 8, 8);
          variant.classList.add("attune-dragged");
        });
        handle.addEventListener("dragend", () => {
          variant.classList.remove("attune-dragged");
          dragged = null;
          renumber();
        });
        heading.prepend(handle);
        toggle.after(mover(variant, labels.labelUp, "↑", -1), mover(variant, labels.labelDown, "↓", 1));
      }
      variant.addEventListener("change", () => {
        showWhatMatters(variant);
        summarize(variant);
      });
      variant.addEventListener("input", () => summarize(variant));
      showWhatMatters(variant);
      summarize(variant);
      open(variant, !variant.classList.contains("has_original") || !!variant.querySelector(".errorlist"));
      // What is set, or has a mistake in it, is not folded away.
      for (const details of variant.querySelectorAll("details")) {
        const isSet = [...details.querySelectorAll("input")].some((one) => (one.type === "checkbox" ? one.checked : one.value));
        details.open ||= isSet || !!details.querySelector(".errorlist");
      }
    };

    root.addEventListener("dragover", (event) => {
      const over = dragged && event.target.closest(".inline-related:not(.empty-form)");
      if (!over || over === dragged) return;
      event.preventDefault();
      const box = over.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) over.before(dragged);
      else over.after(dragged);
    });
    root.addEventListener("drop", (event) => {
      if (dragged) event.preventDefault();
    });
    document.addEventListener("formset:added", (event) => {
      if (root.contains(event.target)) setUp(event.target);
    });
    for (const link of document.querySelectorAll("a[data-attune-open]")) {
      const variant = document.getElementById(link.hash.slice(1));
      if (variant) link.addEventListener("click", () => open(variant, true));
    }
    // A score orders variants only where the best one comes first.
    const pick = document.getElementById("id_pick");
    if (pick) {
      const showScores = () => {
        for (const row of root.querySelectorAll(".form-row.field-score")) {
          row.hidden = pick.value !== "best" && !row.querySelector(".errorlist");
        }
      };
      pick.addEventListener("change", showScores);
      document.addEventListener("formset:added", showScores);
      showScores();
    }
    // Numbers of visitors come once the page is there; an unsaved change does not move them.
    const counts = document.querySelector("a[data-attune-audiences]");
    const count = async () => {
      const response = await fetch(`${counts.href}?json`);
      if (!response.ok) return;
      const said = await response.json();
      for (const variant of variants()) {
        const text = said[variant.querySelector("[data-attune-uuid]")?.dataset.attuneUuid];
        if (text) variant.querySelector(".attune-toggle").append(element("span", { class: "attune-count" }, text));
      }
    };
    root.classList.add("attune-scripted");
    variants().forEach(setUp);
    if (counts) count().catch(() => {}); // the link leads to them all the same
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-attune-variants]").forEach(bringToLife);
  });
})();
