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

  const ticked = (variant, name) => [...variant.querySelectorAll(`input[name$="-${name}"]:checked`)];

  const namesOf = (boxes) => boxes.map((one) => one.closest("label").textContent.trim()).join(", ");

  // Whom it is for but for the language; what is for the same visitors in other languages says the same.
  const whom = (variant) => {
    const kind = field(variant, "audience_kind")?.value;
    const own = kind === "rule" ? field(variant, "rule").value.trim() : "";
    const boxes = [...(kind === "rule" || kind === "everybody" ? [] : ticked(variant, "segments")), ...ticked(variant, "sites")];
    return JSON.stringify([kind, own, boxes.map((one) => [one.name.split("-").pop(), one.value]), ticked(variant, "team_only").length]);
  };

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
    let dragged = [];

    const languagesOf = (variant) => ticked(variant, "languages").map((one) => one.value);

    // Neighbors for the same visitors, each in languages of its own: they are moved and folded together.
    const families = () => {
      const found = [];
      for (const variant of variants()) {
        const family = found.at(-1) || [];
        const [own, theirs] = [languagesOf(variant), family.map(languagesOf)];
        const isApart = theirs.every((some) => some.length > 0 && !some.some((code) => own.includes(code)));
        if (family.length && own.length && isApart && whom(family[0]) === whom(variant)) family.push(variant);
        else found.push([variant]);
      }
      return found;
    };
    const familyOf = (variant) => families().find((family) => family.includes(variant));

    // Folded is what was so when the page came, or by its button: nothing vanishes because something is typed.
    const folded = new Set();
    const fold = () => {
      for (const [first, ...others] of families()) {
        folded.delete(first);
        for (const variant of [first, ...others]) {
          variant.hidden = folded.has(variant);
          variant.classList.toggle("attune-other-language", variant !== first);
        }
        const button = first.querySelector(".attune-languages");
        const away = others.filter((variant) => variant.hidden);
        button.hidden = others.length === 0;
        button.setAttribute("aria-expanded", String(away.length === 0));
        button.setAttribute("aria-controls", others.map((variant) => variant.id).join(" "));
        const isOff = (variant) => field(variant, "enabled")?.checked === false;
        const told = others.map((variant) => {
          const marks = [isOff(variant) && labels.labelOff, variant.querySelector(".attune-finding") && `⚠ ${labels.labelLook}`];
          return [namesOf(ticked(variant, "languages")), ...marks.filter(Boolean)].join(", ");
        });
        button.textContent = `${labels.labelAlso} ${told.join(" · ")}`;
        for (const variant of others) variant.querySelector(".attune-languages").hidden = true;
      }
    };
    const unfold = (...some) => {
      for (const variant of some) folded.delete(variant);
      fold();
    };

    const renumber = () => {
      variants().forEach((variant, index) => {
        const order = field(variant, "order");
        if (order) order.value = (index + 1) * STEP;
      });
    };

    // A text for pages in all languages is seldom meant so.
    const noteLanguages = (variant) => {
      const row = variant.querySelector(".form-row.field-languages");
      if (!row) return;
      const boxes = [...row.querySelectorAll('input[type="checkbox"]')];
      if (boxes.length === 0) return;
      let note = row.querySelector(".attune-note");
      if (!note) boxes[0].closest("div[id], .form-row").after((note = element("p", { class: "attune-note", role: "status" })));
      const isText = ["rich_text", "offer"].includes(field(variant, "body_kind")?.value);
      note.textContent = isText && !boxes.some((one) => one.checked) ? `${labels.labelEverywhere} ${namesOf(boxes)}.` : "";
    };

    const summarize = (variant) => {
      const name = field(variant, "name");
      const audience = field(variant, "audience_kind");
      const enabled = field(variant, "enabled");
      const parts = [];
      const names = namesOf(ticked(variant, "segments"));
      if (audience) {
        const kind = audience.selectedOptions[0].textContent;
        if (audience.value === "segments" && names) parts.push(names);
        else parts.push(audience.value === "not_in" && names ? `${kind}: ${names}` : kind);
      }
      const languages = namesOf(ticked(variant, "languages"));
      if (languages) parts.push(languages);
      const times = field(variant, "cap_times")?.value;
      if (times) parts.push(`${labels.labelMost} ${times} ${field(variant, "cap_within").selectedOptions[0].textContent}`);
      if (enabled && !enabled.checked) parts.push(labels.labelOff);
      const called = (name && name.value) || labels.labelNew;
      variant.querySelector(".attune-name").textContent = called;
      for (const button of variant.querySelectorAll(".attune-move")) {
        button.setAttribute("aria-label", `${button.title}: ${called}`);
      }
      if (variant.querySelector(".attune-finding")) parts.push(`⚠ ${labels.labelLook}`);
      variant.querySelector(".attune-summary").textContent = parts.join(" · ");
    };

    const open = (variant, isOpen) => {
      variant.classList.toggle("attune-closed", !isOpen);
      variant.querySelector(".attune-toggle").setAttribute("aria-expanded", String(isOpen));
    };

    // Beside a variant, or beside all that is folded together with it.
    const put = (moved, variant, isBefore) => {
      const family = familyOf(variant).filter((one) => !moved.includes(one));
      const ends = family.some((one) => one.hidden) ? family : [variant];
      if (isBefore) ends[0].before(...moved);
      else ends.at(-1).after(...moved);
    };

    const move = (variant, by) => {
      const family = familyOf(variant);
      const moved = family[0] === variant ? family : [variant];
      const all = variants();
      const beside = all[all.indexOf(by < 0 ? moved[0] : moved.at(-1)) + by];
      if (!beside) return;
      if (moved === family) {
        const others = familyOf(beside);
        if (by < 0) others[0].before(...moved);
        else others.at(-1).after(...moved);
      } else put(moved, beside, by < 0);
      renumber();
      fold();
      say(`${labels.labelMoved} ${families().findIndex((one) => one.includes(variant)) + 1}`);
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
      const languages = element("button", { type: "button", class: "attune-languages", hidden: "" });
      languages.addEventListener("click", () => {
        const others = familyOf(variant).slice(1);
        const isFolded = others.some((one) => one.hidden);
        for (const one of others) isFolded ? folded.delete(one) : folded.add(one);
        fold();
      });
      toggle.after(languages);
      if (field(variant, "order")) {
        const handle = element("span", { class: "attune-handle", draggable: "true", title: labels.labelDrag }, "⠿");
        handle.addEventListener("dragstart", (event) => {
          const family = familyOf(variant);
          dragged = family[0] === variant ? family : [variant];
          event.dataTransfer.effectAllowed = "move";
          event.dataTransfer.setData("text/plain", "");
          event.dataTransfer.setDragImage(heading, 8, 8);
          variant.classList.add("attune-dragged");
        });
        handle.addEventListener("dragend", () => {
          variant.classList.remove("attune-dragged");
          dragged = [];
          renumber();
          fold();
        });
        heading.prepend(handle);
        languages.after(mover(variant, labels.labelUp, "↑", -1), mover(variant, labels.labelDown, "↓", 1));
      }
      variant.addEventListener("change", (event) => {
        showWhatMatters(variant);
        summarize(variant);
        noteLanguages(variant);
        // What is folded beneath a variant stays when that is deleted.
        if (event.target.name?.endsWith("-DELETE") && event.target.checked) unfold(...familyOf(variant));
        else fold();
      });
      variant.addEventListener("input", () => summarize(variant));
      showWhatMatters(variant);
      summarize(variant);
      noteLanguages(variant);
      open(variant, !variant.classList.contains("has_original") || !!variant.querySelector(".errorlist"));
      // What is set, or has a mistake in it, is not folded away.
      for (const details of variant.querySelectorAll("details")) {
        const isSet = [...details.querySelectorAll("input")].some((one) => (one.type === "checkbox" ? one.checked : one.value));
        details.open ||= isSet || !!details.querySelector(".errorlist");
      }
    };

    root.addEventListener("dragover", (event) => {
      const over = dragged.length && event.target.closest(".inline-related:not(.empty-form)");
      if (!over || dragged.includes(over)) return;
      event.preventDefault();
      const box = over.getBoundingClientRect();
      put(dragged, over, event.clientY < box.top + box.height / 2);
    });
    root.addEventListener("drop", (event) => {
      if (dragged.length) event.preventDefault();
    });
    document.addEventListener("formset:added", (event) => {
      if (root.contains(event.target)) setUp(event.target);
      fold();
    });
    document.addEventListener("formset:removed", fold);
    for (const link of document.querySelectorAll("a[data-attune-open]")) {
      const variant = document.getElementById(link.hash.slice(1));
      if (!variant) continue;
      link.addEventListener("click", () => {
        unfold(variant);
        open(variant, true);
      });
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
    for (const [, ...others] of families()) {
      if (others.every((variant) => variant.classList.contains("attune-closed"))) others.forEach((one) => folded.add(one));
    }
    fold();
    if (counts) count().catch(() => {}); // the link leads to them all the same
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-attune-variants]").forEach(bringToLife);
  });
})();
