// A previewed page: its links lead to other pages in the same state, and a chosen block comes into view.
//
// <script src="…/preview_bar.js" data-attune-parameter="attune_preview" data-attune-focus="home-hero" defer></script>
(() => {
  "use strict";

  const { attuneParameter: name, attuneFocus: focus } = document.currentScript.dataset;
  const state = new URLSearchParams(location.search).get(name);

  const keep = (address) => {
    const url = new URL(address, location.href);
    if (url.origin === location.origin && !url.pathname.startsWith("/admin/")) url.searchParams.set(name, state);
    return url.href;
  };
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a[href]");
      if (link && !("attuneLeave" in link.dataset) && /^https?:$/.test(link.protocol)) link.href = keep(link.href);
    },
    true,
  );
  document.addEventListener(
    "submit",
    ({ target }) => {
      // A form that gets a page has its own query: the state goes along as one of its fields.
      if (target.method === "get" && !target.elements[name]) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value: state });
        target.append(field);
      } else if (target.method === "post") target.action = keep(target.action);
    },
    true,
  );

  // What HTMX asks for is a part of this page.
  document.addEventListener("htmx:configRequest", ({ detail }) => (detail.path = keep(detail.path)));

  if (!focus || window.top === window) return;
  const bring = () => {
    const key = CSS.escape(focus);
    const place = document.querySelector(`[data-attune-block="${key}"], [data-attune-deferred="${key}"]`);
    if (!place) return;
    place.hidden = false;
    place.classList.add("attune-preview-focus");
    // `scrollIntoView` would scroll the page around the frame as well.
    const { top, height } = place.getBoundingClientRect();
    scrollTo({ top: Math.max(0, scrollY + top - Math.max(80, (innerHeight - height) / 2)), behavior: "instant" });
  };
  bring();
  addEventListener("load", bring);
  document.addEventListener("attune:blocks", bring);
})();
