// Fills the blocks that come after their page, all with one request. Needs neither consent nor the tracker.
//
// <script src="/personalization/blocks.js" data-attune-blocks="/personalization/blocks/" defer></script>
// document hears attune:blocks once they are there; where anything fails, what the page holds stays.
(() => {
  "use strict";

  const PATIENCE = 5000;
  const { attuneBlocks: endpoint } = document.currentScript.dataset;
  const known = new WeakSet();
  let taken = false; // one appears on a page, so that nothing piles up; closed, it stays closed there

  const fill = async (places) => {
    const { pathname, search } = location;
    const preview = new URLSearchParams(search).get("attune_preview"); // goes along, however long the rest is
    const asked = new URLSearchParams({
      // What the page proves of itself goes along.
      keys: [...new Set(places.map(({ dataset: d }) => d.attuneDeferred + (d.attuneShown || "")))].slice(0, 50),
      page: pathname + (pathname.length + search.length <= 2000 ? search : preview ? `?attune_preview=${preview}` : ""),
      language: places[0].dataset.attuneLanguage,
    });
    try {
      asked.set("referrer", new URL(document.referrer).hostname); // where from, and nothing more
    } catch {
      // From nowhere that is told.
    }

    let found = {};
    try {
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), PATIENCE);
      const response = await fetch(`${endpoint}?${asked}`, {
        credentials: "same-origin",
        cache: "no-store",
        signal: stop.signal,
      });
      if (response.ok) found = (await response.json()).blocks || {};
      clearTimeout(timer);
    } catch {
      // What the page holds stays.
    }

    for (const place of places) {
      const key = place.dataset.attuneDeferred;
      const { more = [], ...first } = found[key] || {};
      const put = (element, { variant = "default", html = null }) => {
        if (html !== null) element.innerHTML = html;
        // Put in like this, a script does not run.
        for (const { src, parentNode } of element.querySelectorAll("script.attune-run")) {
          parentNode.append(Object.assign(document.createElement("script"), { src }));
        }
        element.dataset.attuneBlock = key;
        element.dataset.attuneVariant = variant;
      };
      const { bottom } = place.getBoundingClientRect();
      // Nobody loses the link that they are just on.
      if (place.contains(document.activeElement)) put(place, {});
      else if (!more.length) put(place, first);
      else {
        // Each is seen and clicked by itself.
        place.textContent = "";
        for (const one of [first, ...more]) {
          const part = document.createElement("div");
          part.className = "attune-block";
          known.add(part);
          put(part, one);
          place.append(part);
        }
      }
      // What is smaller lets nothing in view jump: until it is out of view, what follows stays where it was, or beneath
      // the edge. Room that the editor gave is all that is kept; what is higher needs it.
      const kept = Math.min(bottom, innerHeight) - place.getBoundingClientRect().top;
      if (kept > place.offsetHeight && !/attune-room/.test(place.className)) {
        place.style.boxSizing = "border-box";
        place.style.minHeight = `${kept}px`;
        new IntersectionObserver(([{ isIntersecting }], watch) => {
          if (isIntersecting) return;
          place.style.minHeight = "";
          watch.disconnect();
        }).observe(place);
      }
    }
    document.dispatchEvent(new Event("attune:blocks"));

    // --- Shown when they scroll, wait or leave --------------------------------------------------------------------------

    const hidden = places.filter((place) => place.dataset.attuneReveal && place.innerHTML.trim());
    if (!hidden.length) return;

    // Screen readers tell of what changes in here, if it was here before.
    const said = document.createElement("div");
    said.className = "attune-said";
    said.role = "status";
    document.body.append(said);

    const reveal = (place) => {
      if (taken) return;
      taken = true;
      const { attuneLabel: label, attuneClose: close } = place.dataset;
      const before = document.activeElement;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "attune-close";
      button.ariaLabel = close;
      button.textContent = "×";
      const shut = (event) => {
        if (event.defaultPrevented || (event.key && event.key !== "Escape")) return;
        document.removeEventListener("keydown", shut);
        const wasInside = place.contains(document.activeElement);
        place.hidden = true;
        if (wasInside) before.focus();
      };
      button.addEventListener("click", shut);
      document.addEventListener("keydown", shut);
      place.prepend(button);
      place.classList.add("attune-revealed");
      place.role = "region";
      place.ariaLabel = said.textContent = label;
      place.hidden = false;
    };

    const wait = (go, after, acts) => {
      let seconds = 0;
      setInterval(() => {
        if (!document.hidden && ++seconds >= after) go();
      }, 1000);
      for (const act of acts) addEventListener(act, () => (seconds = 0), { passive: true });
    };
    const occasions = {
      scroll: (go, after) =>
        addEventListener("scroll", () => {
          const { scrollHeight, clientHeight } = document.documentElement;
          if ((100 * (scrollY + clientHeight)) / scrollHeight >= after) go();
        }),
      dwell: (go, after) => wait(go, after, []),
      idle: (go, after) => wait(go, after, ["pointermove", "pointerdown", "keydown", "scroll"]),
      exit: (go) =>
        document.addEventListener("mouseout", ({ relatedTarget, clientY }) => {
          if (!relatedTarget && clientY <= 0) go();
        }),
    };
    for (const place of hidden) occasions[place.dataset.attuneReveal](() => reveal(place), place.dataset.attuneAfter);
  };

  // What another script puts into the page later, such as HTMX, is filled and counted, too.
  const look = () => {
    const fresh = [...document.querySelectorAll("[data-attune-deferred],[data-attune-block]")].filter(
      (place) => !known.has(place) && known.add(place),
    );
    const places = fresh.filter((place) => !place.dataset.attuneBlock);
    if (places.length) fill(places);
    else if (fresh.length) document.dispatchEvent(new Event("attune:blocks"));
  };
  look();
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();
