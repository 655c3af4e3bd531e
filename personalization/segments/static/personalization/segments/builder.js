// A rule as rows of conditions, wherever one is edited: reads the JSON of its field, and writes it back there.
"use strict";

(() => {
  const { isExact, isObject, places, read, readRow, typeOf, write } = globalThis.attuneRows;
  const h = globalThis.attuneElement;
  const ready = new WeakSet();
  let asked = null;
  let made = 0;

  // Names are looked up in it, and one may be called as what every object has, such as "constructor".
  const bare = (_, value) => (isObject(value) ? Object.assign(Object.create(null), value) : value);
  const vocabularyFrom = (address) => {
    const read = async (response) => {
      if (!response.ok) throw new Error(response.statusText);
      return JSON.parse(await response.text(), bare);
    };
    asked ||= fetch(address).then(read);
    return asked;
  };

  // What a clause says, for those that no row can express.
  const said = new Map();
  const sentenceOf = (field, clause) => {
    const rule = JSON.stringify(clause);
    if (!said.has(rule)) {
      const body = new FormData();
      body.append("rule", rule);
      const headers = { "X-CSRFToken": field.form.elements.csrfmiddlewaretoken.value };
      const answer = fetch(field.dataset.inWords, { method: "POST", body, headers }).then((response) => response.json());
      said.set(rule, answer.then(({ sentence, mistakes }) => sentence || mistakes.join(" ")).catch(() => rule));
    }
    return said.get(rule);
  };

  const build = (field, vocabulary) => {
    const { texts, rows } = vocabulary;
    const label = field.form.querySelector(`label[for="${field.id}"]`);
    const name = label?.textContent.replace(/:$/, "") || texts.conditions;
    const builder = h("div", { class: "attune-builder", role: "group", "aria-label": name });
    const isInTable = !!field.closest(".tabular");
    let root = read(undefined, rows);
    let marks = [];
    let isWriting = false;
    let panelOf = null;

    // The field

    const load = () => {
      const text = field.value.trim();
      if (text === "" || text === "null") {
        root = read(undefined, rows);
        return true;
      }
      try {
        const rule = JSON.parse(text);
        if (!isObject(rule) || !isExact(text)) return false;
        root = read(rule, rows);
        return true;
      } catch {
        return false;
      }
    };
    const tell = () => {
      const isNone = root.items.length === 0 && root.mode === "all" && !field.required;
      field.value = isNone ? "" : JSON.stringify(write(root), null, 2);
      isWriting = true;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      isWriting = false;
    };
    const changed = (redraw) => {
      tell();
      if (redraw) draw();
    };
    const controlsOf = globalThis.attuneControls(vocabulary, changed);

    // Rows

    const idOf = (item) => (item.id ||= `attune-${(made += 1)}`);
    const textRow = (item) => {
      const sentence = h("p", { class: "attune-row-said" }, "…");
      sentenceOf(field, item.data).then((text) => (sentence.textContent = text));
      const named = { "aria-label": texts.text, "data-attune-part": texts.text };
      const area = h("textarea", { rows: 6, spellcheck: "false", class: "attune-rule", ...named });
      area.value = JSON.stringify(item.data, null, 2);
      area.addEventListener("input", () => {
        try {
          item.data = JSON.parse(area.value);
          area.setCustomValidity("");
          tell();
        } catch {
          area.setCustomValidity(texts.not_json); // neither saved nor lost
        }
      });
      const done = button(texts.done, () => {
        if (!area.reportValidity()) return;
        item.type = typeOf(item.data, rows);
        item.isEdited = false;
        changed(true);
      });
      const edit = button(texts.edit_text, () => {
        item.isEdited = true;
        draw();
        builder.querySelector(`#${idOf(item)} textarea`).focus();
      });
      return item.isEdited ? [h("div", { class: "attune-row-text" }, area, done)] : [sentence, edit];
    };
    const button = (text, click, more = {}) => h("button", { type: "button", class: "attune-link", click, ...more }, text);

    const remove = (box, item) => {
      const place = box.items.indexOf(item);
      box.items.splice(place, 1);
      box.bare = false;
      changed(true);
      const beside = box.items[Math.min(place, box.items.length - 1)];
      const next = beside && builder.querySelector(`#${idOf(beside)} select, #${idOf(beside)} button`);
      (next || builder.querySelector(`#${idOf(box)} .attune-add`) || builder.querySelector(".attune-add")).focus();
    };
    const rowOf = (box, item, number) => {
      const name = `${item.type === "box" ? texts.box : texts.condition} ${number + 1}`;
      const isBox = item.type === "box";
      const kind = isBox ? "attune-row attune-box" : "attune-row";
      const row = h("div", { class: kind, id: idOf(item), role: "group", "aria-label": name });
      const told = { title: texts.remove, "aria-label": `${texts.remove}: ${name}` };
      const click = () => remove(box, item);
      const away = h("button", { type: "button", class: "attune-remove", ...told, click }, "×");
      const asText = item.type === "other" || item.isEdited;
      const inside = isBox ? boxOf(item, texts.add_here) : asText ? textRow(item) : controlsOf(item);
      row.append(h("div", { class: "attune-row-body" }, ...inside), away);
      return row;
    };

    // What can be added

    const add = (box, rule) => {
      const fresh = read(structuredClone(rule), rows);
      const isGroup = !fresh.bare && fresh.mode !== box.mode;
      const isDenied = fresh.bare && fresh.mode === "none";
      const items = isDenied ? [readRow(write(fresh), rows)] : isGroup ? [fresh] : fresh.items;
      box.items.push(...items);
      box.bare = false;
      panelOf = null;
      changed(true);
      builder.querySelector(`#${idOf(items[0])} select, #${idOf(items[0])} button`).focus();
    };
    const panel = (box) => {
      const kinds = vocabulary.kinds.filter((kind) => box === root || !("any" in kind.rule));
      const examples = vocabulary.examples.map(({ label: title, rule }) => {
        const told = { "aria-label": `${texts.add_this}: ${title}` };
        return h("li", {}, h("span", {}, title), button(texts.add_this, () => add(box, rule), told));
      });
      const adders = kinds.map((kind) => {
        const click = () => add(box, kind.rule);
        return h("button", { type: "button", class: "button", click }, kind.label);
      });
      const close = () => {
        panelOf = null;
        draw();
        builder.querySelector(`#${idOf(box)} .attune-add`)?.focus();
      };
      const shown = h("div", { class: "attune-panel", role: "group", "aria-label": texts.kind_label });
      shown.append(
        h("div", { class: "attune-kinds" }, ...adders),
        h("p", { class: "attune-word" }, texts.ready),
        h("ul", { class: "attune-ready-made" }, ...examples),
        button(texts.close, close),
      );
      shown.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        close();
      });
      return shown;
    };
    const boxOf = (box, addText) => {
      const option = (value) => h("option", { value, selected: value === box.mode }, texts[value]);
      const named = { "aria-label": texts.conditions, "data-attune-part": texts.conditions };
      const mode = h("select", { class: "attune-mode", ...named }, ...["all", "any", "none", "notall"].map(option));
      mode.addEventListener("change", () => {
        box.mode = mode.value;
        changed(true);
      });
      const list = h("div", { class: "attune-rows" }, ...box.items.map((item, number) => rowOf(box, item, number)));
      const open = () => {
        panelOf = panelOf === box ? null : box;
        draw();
        if (panelOf) builder.querySelector(".attune-kinds button").focus();
      };
      const state = { "aria-expanded": String(panelOf === box) };
      const adder = h("button", { type: "button", class: "attune-add", ...state, click: open }, addText);
      const parts = box.items.length ? [mode, list] : [h("p", { class: "attune-none" }, texts.none_yet)];
      const opened = panelOf === box ? [panel(box)] : [];
      return [h("div", { class: "attune-list", id: box === root ? idOf(box) : false }, ...parts, adder, ...opened)];
    };

    // All of it

    const isText = () => builder.classList.contains("attune-as-text");
    const switcher = h("button", { type: "button", class: "attune-link attune-switch", click: () => {
      if (isText() && !load()) return field.focus();
      if (isText() && field.required && !field.value.trim()) tell();
      panelOf = null;
      show(!isText());
      (isText() ? field : switcher).focus();
      ask();
    } });
    const body = h("div", { class: "attune-builder-body" });
    const show = (asText) => {
      builder.classList.toggle("attune-as-text", asText);
      switcher.textContent = asText ? texts.as_rows : texts.as_text;
      field.hidden = !asText;
      for (const row of builder.closest("fieldset")?.querySelectorAll(".field-examples") || []) row.hidden = !asText;
      const help = document.getElementById(`${field.id}_helptext`);
      if (help) help.hidden = !asText; // an example of what may be written
      draw();
    };
    const draw = () => {
      const active = builder.contains(document.activeElement) ? document.activeElement : null;
      const row = active?.closest(".attune-row");
      const part = active?.dataset.attunePart;
      const parts = (around) => [...around.querySelectorAll("[data-attune-part]")];
      const same = (around) => parts(around).filter((one) => one.dataset.attunePart === part);
      const number = row && part ? same(row).indexOf(active) : -1;
      body.replaceChildren(...(isText() ? [] : boxOf(root, texts.add)));
      if (part) {
        const found = same((row && document.getElementById(row.id)) || body);
        (found[Math.max(0, number)] || found[0] || body.querySelector("select"))?.focus();
      }
      mark();
    };

    // Mistakes stand beside the condition where they are.
    const mark = () => {
      for (const old of body.querySelectorAll(".attune-row-mistake")) old.remove();
      for (const row of body.querySelectorAll(".attune-wrong")) row.classList.remove("attune-wrong");
      if (isText()) return [];
      const rowsAt = places(root).filter(([item]) => item.type !== "box" || item !== root);
      const isIn = (place, at) => place === at || (place.startsWith(at) && ".[".includes(place[at.length]));
      return marks.filter(({ place, text }) => {
        const around = rowsAt.filter(([, at]) => isIn(place, at));
        const [item] = around.at(-1) || [];
        const row = item && document.getElementById(idOf(item));
        if (!row) return false;
        row.classList.add("attune-wrong");
        row.append(h("p", { class: "attune-row-mistake" }, text));
        return true;
      }).map(({ mistake }) => mistake);
    };
    field.addEventListener("attune:told", ({ detail }) => {
      marks = detail.marked || [];
      const marked = mark();
      for (const line of field.closest("td, .form-row")?.querySelectorAll(".errorlist li") || []) {
        const plain = marks.find(({ mistake }) => mistake === line.textContent);
        if (plain && !isText()) line.textContent = plain.text;
      }
      if (!marked.length) return;
      detail.mistakes = [...detail.mistakes.filter((one) => !marked.includes(one)), texts.look];
    });
    field.addEventListener("input", () => {
      if (isWriting || isText()) return;
      show(!load());
    });
    const ask = () => field.dispatchEvent(new Event("attune:ask", { bubbles: true }));

    builder.append(body, switcher);
    field.after(builder);
    if (!field.dataset.saidIn && !placed(field)) {
      const place = h("div", { class: "attune-in-words", id: `${field.id}-in-words` });
      field.dataset.saidIn = place.id;
      builder.append(place);
      if (field.value.trim()) ask();
    }
    if (isInTable) intoDialog(field, builder, texts);
    show(!load());
    if (field.closest("td, .form-row")?.querySelector(".errorlist")) ask();
  };

  const placed = (field) => {
    const around = field.closest(".inline-related") || field.form;
    const isInTable = !!field.closest(".tabular");
    return !isInTable && around.querySelector(".attune-in-words, .field-rule_in_words .readonly");
  };

  // A cell of a table is no room for rows: they open over the page, and the cell keeps the sentence.
  const intoDialog = (field, builder, texts) => {
    const dialog = h("dialog", { class: "attune-dialog", "aria-label": texts.edit });
    const done = h("button", { type: "button", class: "button", click: () => dialog.close() }, texts.done);
    const opener = h("button", { type: "button", class: "attune-link", click: () => dialog.showModal() });
    const call = () => (opener.textContent = field.value.trim() ? texts.edit : texts.add_rule);
    field.addEventListener("input", call);
    call();
    const place = document.getElementById(field.dataset.saidIn);
    const copy = h("div", { class: "attune-in-words", "aria-live": "polite" });
    const repeat = () => copy.replaceChildren(...[...place.childNodes].map((one) => one.cloneNode(true)));
    new MutationObserver(repeat).observe(place, { childList: true });
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault(); // not the page's button
      dialog.close();
    });
    field.before(place, opener, dialog);
    dialog.append(field, builder, copy, done);
  };

  const enhance = (around) => {
    for (const field of around.querySelectorAll("textarea[data-vocabulary]")) {
      if (ready.has(field) || field.name.includes("__prefix__") || field.readOnly) continue;
      ready.add(field);
      // Without what rules can say, the field stays as it is.
      vocabularyFrom(field.dataset.vocabulary).then((vocabulary) => build(field, vocabulary)).catch(() => {});
    }
  };
  document.addEventListener("DOMContentLoaded", () => enhance(document));
  document.addEventListener("formset:added", ({ target }) => enhance(target));
})();
