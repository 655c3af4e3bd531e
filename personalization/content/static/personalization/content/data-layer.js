// Tells window.dataLayer, which tag managers read, what blocks show and which segments the visitor comes into or leaves.
//
// <script src="…/data-layer.js" data-attune-segments="/personalization/segments/" defer></script>
// {event: "attune_block", attune_block: "home-hero", attune_variant: "<id>" or "default"}
// {event: "attune_segment", attune_segment: "boots-fans", attune_member: true or false}
// Only while both measuring and personal content are granted; without data-attune-segments it asks the server nothing.
(() => {
  "use strict";

  const STORE = "attune.segments";
  const { attuneSegments: endpoint } = document.currentScript.dataset;
  const told = new WeakMap();
  let asked = false;

  const agreed = () => {
    const { analytics, personalization } = window.attuneConsent ? window.attuneConsent.choices() : {};
    return analytics === "granted" && personalization === "granted";
  };
  const push = (entry) => (window.dataLayer = window.dataLayer || []).push(entry);

  const tellBlocks = () => {
    for (const element of document.querySelectorAll("[data-attune-block]")) {
      const { attuneBlock, attuneVariant = "default" } = element.dataset;
      if (told.get(element) === attuneVariant) continue;
      told.set(element, attuneVariant);
      push({ event: "attune_block", attune_block: attuneBlock, attune_variant: attuneVariant });
    }
  };

  const recall = () => {
    try {
      return JSON.parse(sessionStorage.getItem(STORE)) || [];
    } catch {
      return []; // nothing that could be read: all are told anew
    }
  };
  const keep = (segments) => {
    try {
      if (segments) sessionStorage.setItem(STORE, JSON.stringify(segments));
      else sessionStorage.removeItem(STORE);
    } catch {
      // Storage that is full or forbidden.
    }
  };

  const tellSegments = async () => {
    if (!endpoint || asked) return;
    asked = true;
    const page = new URLSearchParams({ page: location.pathname, language: document.documentElement.lang });
    let answer = null;
    try {
      const response = await fetch(`${endpoint}?${page}`, { credentials: "same-origin", cache: "no-store" });
      if (response.ok) answer = await response.json();
    } catch {
      // Nothing is told.
    }
    if (!answer || !agreed()) return;
    const { segments } = answer;
    const before = recall();
    const change = (slug, member) => push({ event: "attune_segment", attune_segment: slug, attune_member: member });
    for (const slug of segments) if (!before.includes(slug)) change(slug, true);
    for (const slug of before) if (!segments.includes(slug)) change(slug, false);
    keep(segments);
  };

  const tell = () => {
    if (!agreed()) {
      asked = false;
      keep(null);
      return;
    }
    tellBlocks();
    tellSegments();
  };
  document.addEventListener("attune:blocks", () => agreed() && tellBlocks());
  document.addEventListener("attune:consent", tell);
  tell();
})();
