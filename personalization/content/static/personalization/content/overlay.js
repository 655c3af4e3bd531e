// For staff on the live site: outlines the page's blocks, and says of each what it shows, why, and what came of it.
//
// Nothing is asked before somebody switches it on; that is remembered in this browser.
(() => {
  "use strict";

  const { url, ...labels } = document.currentScript.dataset;
  const KEPT = "attune.overlay";
  const FRAME = 4; // pixels of the outline and its distance
  const places = () => [...document.querySelectorAll("[data-attune-block], [data-attune-deferred]")];
  const keyOf = ({ dataset }) => dataset.attuneBlock || dataset.attuneDeferred;

  const make = (tag, className, text = "") => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    if (tag === "button") made.type = "button";
    return made;
  };

  const root = make("div", "attune-overlay");
  const tags = make("div", "attune-overlay-tags");
  const button = make("button", "attune-overlay-switch");
  root.append(tags, button);
  document.body.append(root);

  let told = null; // what the server said
  let on = false;
  let opened = null;
  let made = [];

  const ask = async () => {
    const { pathname, search } = location;
    const asked = new URLSearchParams({
      keys: [...new Set(places().map(keyOf))].slice(0, 50),
      page: pathname.length + search.length > 2000 ? pathname : pathname + search,
      language: document.documentElement.lang,
    });
    try {
      const response = await fetch(`${url}?${asked}`, { credentials: "same-origin", cache: "no-store" });
      return response.ok ? (await response.json()).blocks : {};
    } catch {
      return {};
    }
  };

  const close = () => {
    if (!opened) return;
    opened.panel.remove();
    opened.tag.setAttribute("aria-expanded", "false");
    opened.tag.focus();
    opened = null;
  };

  const section = (panel, title, ...lines) => {
    if (!lines.filter(Boolean).length) return;
    panel.append(make("h3", "", title));
    for (const line of lines) panel.append(line instanceof Node ? line : make("p", "", line));
  };

  const open = (tag, block) => {
    close();
    const panel = make("div", "attune-overlay-panel");
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", block ? block.name : tag.textContent);
    panel.tabIndex = -1;
    const shut = make("button", "attune-overlay-close", "×");
    shut.setAttribute("aria-label", labels.labelClose);
    shut.addEventListener("click", close);
    panel.append(shut);
    if (block) {
      panel.append(make("h2", "", block.name));
      section(panel, labels.labelWhy, block.why);
      const steps = make("ol", "");
      for (const { text, reasons } of block.steps) {
        const step = make("li", "", text);
        if (reasons.length) step.append(make("pre", "", reasons.join("\n")));
        steps.append(step);
      }
      section(panel, labels.labelResults, block.results);
      const links = make("p", "attune-overlay-links");
      for (const { url: href, label } of block.links) links.append(Object.assign(make("a", "", label), { href }));
      if (block.links.length) panel.append(links);
      const more = make("details", "");
      more.append(make("summary", "", labels.labelVariants), steps);
      if (block.steps.length) panel.append(more);
    } else panel.append(make("p", "", labels.labelFailed));
    root.append(panel);
    opened = { tag, panel };
    tag.setAttribute("aria-expanded", "true");
    panel.focus();
  };

  // Each tag stands on the frame of its block, at the left, and goes along with it: it covers neither it nor another tag.
  const arrange = () => {
    const taken = [];
    for (const { tag, place } of made) {
      const { top, left, width } = place.getBoundingClientRect();
      tag.hidden = !width || place.hidden;
      if (tag.hidden) continue;
      const { offsetWidth: wide, offsetHeight: high } = tag;
      const x = Math.max(0, Math.min(left, document.documentElement.clientWidth - wide) + scrollX);
      let y = top + scrollY - high - FRAME;
      const isTaken = () =>
        taken.some(
          (other) => x < other.x + other.wide && other.x < x + wide && y < other.y + other.high && other.y < y + high,
        );
      while (y > 0 && isTaken()) y -= high;
      y = Math.max(0, y);
      while (isTaken()) y += high;
      taken.push({ x, y, wide, high });
      tag.style.top = `${y}px`;
      tag.style.left = `${x}px`;
    }
  };

  const draw = () => {
    made = [];
    tags.replaceChildren();
    for (const place of places()) {
      const block = (told || {})[keyOf(place)];
      const variant = place.dataset.attuneVariant || "default";
      const shown = (block && block.shown[variant]) || labels.labelDefault;
      const tag = make("button", "attune-overlay-tag", `${block ? block.name : keyOf(place)}: ${shown}`);
      tag.setAttribute("aria-expanded", "false");
      tag.addEventListener("click", () => (opened && opened.tag === tag ? close() : open(tag, block)));
      tags.append(tag);
      made.push({ tag, place });
      place.classList.add("attune-overlay-block");
    }
    arrange();
  };

  const turn = async (wanted, remember = true) => {
    on = wanted;
    button.textContent = on ? labels.labelHide : labels.labelShow;
    button.setAttribute("aria-pressed", String(on));
    try {
      if (remember) localStorage.setItem(KEPT, on ? "on" : "off");
    } catch {
      // Then it is asked for on each page.
    }
    if (on) {
      told ||= await ask();
      if (on) draw();
      return;
    }
    close();
    for (const { place } of made) place.classList.remove("attune-overlay-block");
    made = [];
    tags.replaceChildren();
  };

  button.addEventListener("click", () => turn(!on));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && close());
  document.addEventListener("attune:blocks", () => on && draw());
  addEventListener("resize", arrange);
  addEventListener("load", arrange);
  new ResizeObserver(arrange).observe(document.body);
  let before = "";
  try {
    before = localStorage.getItem(KEPT);
  } catch {
    // It is off.
  }
  turn(before === "on", false);
})();
