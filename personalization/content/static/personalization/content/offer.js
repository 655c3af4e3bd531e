// Offers on a page: says how long they last, to their real end, shows codes without leaving the page, and copies them.
//
// Without it the end stands there as a date, and the button sends its form. Loaded only where there is an offer.
(() => {
  "use strict";

  const MINUTE = 60000;
  const UNITS = [
    ["day", 1440 * MINUTE],
    ["hour", 60 * MINUTE],
    ["minute", MINUTE],
    ["second", 1000],
  ];
  const language = document.documentElement.lang || undefined;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // The two largest units; what has none of the second says the first alone.
  const inWords = (rest, units) => {
    const first = Math.max(
      units.findIndex(([, size]) => rest >= size),
      0,
    );
    const words = [];
    for (const [unit, size] of units.slice(first, first + 2)) {
      const count = Math.floor(rest / size);
      rest -= count * size;
      const format = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" });
      if (count || !words.length) words.push(format.format(count));
    }
    return words.join(" ");
  };

  const countDown = (offer, place) => {
    const ends = Date.parse(offer.querySelector("time").dateTime);
    const { attuneLeft, attuneOver } = place.dataset;
    const tick = () => {
      if (!offer.isConnected) return;
      const rest = ends - Date.now();
      // What changes each second draws the eye: only in the last hour, and not for those who asked for calm.
      const bySeconds = rest < 60 * MINUTE && !calm.matches;
      const units = bySeconds ? UNITS : UNITS.slice(0, -1);
      place.textContent = rest > 0 ? attuneLeft.replace("{time}", inWords(rest, units)) : attuneOver;
      if (rest > 0) setTimeout(tick, Math.min(bySeconds ? 1000 : MINUTE, rest));
    };
    tick();
  };

  const showHere = (offer, form) => {
    const said = offer.querySelector(".attune-offer-said");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      try {
        const response = await fetch(form.getAttribute("action"), {
          method: "POST",
          credentials: "same-origin",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ claim: form.elements.claim.value, page: form.elements.next.value }),
        });
        const answer = await response.json();
        said.textContent = answer.error || `${said.dataset.attuneSaid} `;
        if (!answer.code) {
          button.disabled = false;
          return;
        }
        const code = document.createElement("code");
        code.textContent = answer.code;
        code.translate = false;
        said.append(code);
        said.tabIndex = -1;
        form.hidden = true;
        said.focus();
      } catch {
        form.submit(); // the page that answers says more
      }
    });
  };

  const copies = (offer, button) => {
    const code = offer.querySelector(".attune-offer-code code");
    const said = offer.querySelector(".attune-offer-copied");
    button.hidden = false;
    button.addEventListener("click", async () => {
      said.textContent = ""; // so that it is said again
      try {
        await navigator.clipboard.writeText(code.textContent);
        said.textContent = button.dataset.attuneCopied;
      } catch {
        getSelection().selectAllChildren(code); // no clipboard here: whoever clicks copies
        said.textContent = button.dataset.attuneMarked;
      }
    });
  };

  for (const offer of document.querySelectorAll(".attune-offer:not([data-attune-ready])")) {
    offer.dataset.attuneReady = "";
    const place = offer.querySelector(".attune-offer-left");
    const form = offer.querySelector(".attune-offer-form");
    if (place) countDown(offer, place);
    const copy = offer.querySelector(".attune-offer-copy");
    if (form) showHere(offer, form);
    if (copy) copies(offer, copy);
  }
})();
