// The tracker: sends page views and what visitors do, once they have agreed to it, and nothing before.
//
// <script src="/collect/tracker.js" data-attune-collect="/collect/" defer></script>
// window.attune.track(name, properties)   sends an event of your own; answers its id, or null if it may or can not be sent
(() => {
  "use strict";
  if (window.attune) return;

  // --- Helper ---------------------------------------------------------------------------------------------------------

  const script = document.currentScript;
  const endpoint = script.dataset.attuneCollect || new URL(".", script.src).pathname;

  const now = () => performance.now();
  const later = (fn, delay) => setTimeout(fn, delay);
  const hidden = () => document.visibilityState === "hidden";
  const closest = (target, selector) => (target instanceof Element ? target.closest(selector) : null);

  let lastTime = 0;
  let counter = 0;

  // RFC 9562, version 7: milliseconds, then a counter within the millisecond so that ids keep their order, then chance.
  function uuid7() {
    const time = Math.max(Date.now(), lastTime);
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    counter = time === lastTime ? counter + 1 : bytes[6] & 0x07;
    lastTime = time;
    if (counter > 0xfff) {
      lastTime += 1;
      counter = 0;
    }
    for (let place = 5, rest = lastTime; place >= 0; place -= 1, rest = Math.floor(rest / 256)) bytes[place] = rest % 256;
    bytes[6] = 0x70 | (counter >> 8);
    bytes[7] = counter & 0xff;
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  // Markup knows only texts; these parameters are numbers, and item ids that look like numbers are none.
  const NUMBERS = new Set(
    ("price value quantity discount index tax shipping results percent_scrolled engagement_time_msec duration_msec " +
      "video_duration video_current_time video_percent").split(" "),
  );
  const BOOLEANS = new Set(["outbound", "visible"]);

  function typed(name, text) {
    if (NUMBERS.has(name) && text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
    return BOOLEANS.has(name) ? text === "true" : text;
  }

  // data-attune-event-item-id="A13" → {item_id: "A13"}
  function marked(element, prefix) {
    const properties = {};
    for (const { name, value } of element.attributes) {
      if (!name.startsWith(prefix)) continue;
      const property = name.slice(prefix.length).replaceAll("-", "_");
      if (property) properties[property] = typed(property, value);
    }
    return properties;
  }

  // --- Consent --------------------------------------------------------------------------------------------------------

  const COOKIES =
    location.protocol === "https:"
      ? ["__Host-attune_consent", "__Secure-attune_consent", "attune_consent"]
      : ["attune_consent"];

  function choices() {
    if (window.attuneConsent) return window.attuneConsent.choices();
    const parts = document.cookie.split("; ");
    for (const name of COOKIES) {
      const entry = parts.find((part) => part.startsWith(`${name}=`));
      if (entry) {
        const value = entry.slice(name.length + 1).replace(/^"|"$/g, "");
        return Object.fromEntries(value.split("|").slice(1).map((one) => one.split(":")));
      }
    }
    return {};
  }

  const allowed = () => Object.values(choices()).includes("granted");

  // --- Queue ----------------------------------------------------------------------------------------------------------

  const STORE = "attune.queue";
  const IDLE = 1000; // milliseconds after which what has gathered is sent
  const SOON = 50; // for what the next page has to know
  const MAX_KEPT = 200;
  const MAX_EVENTS = 50;
  const MAX_BYTES = 60000; // browsers refuse more than 64 KiB of what outlives the page
  const MAX_WAIT = 300000;

  let queue = []; // what nobody has confirmed yet, oldest first
  let sending = null; // the ids under way
  let timer = null;
  let due = Infinity;
  let failures = 0;
  let blockedUntil = 0;
  let asked = false;

  function keep() {
    try {
      if (queue.length) sessionStorage.setItem(STORE, JSON.stringify(queue));
      else sessionStorage.removeItem(STORE);
    } catch {
      // Storage that is full or forbidden: the queue lives in memory only.
    }
  }

  function recall() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(STORE) || "[]");
      if (Array.isArray(kept)) queue = kept.filter((event) => event && typeof event.id === "string").slice(-MAX_KEPT);
    } catch {
      // Nothing that could be read.
    }
  }

  function forget() {
    queue = [];
    sending = null;
    clearTimeout(timer);
    timer = null;
    due = Infinity;
    keep();
  }

  function confirm(ids) {
    queue = queue.filter((event) => !ids.has(event.id));
    keep();
  }

  function batch() {
    const events = [];
    let size = 100;
    for (const event of queue) {
      if (sending && sending.has(event.id)) continue;
      size += new Blob([JSON.stringify(event)]).size + 1;
      if (events.length === MAX_EVENTS || (events.length && size > MAX_BYTES)) break;
      events.push(event);
    }
    const body = JSON.stringify({ sent_at: new Date().toISOString(), events });
    return { body, ids: new Set(events.map((event) => event.id)) };
  }

  function plan(delay) {
    const at = Math.max(now() + delay, blockedUntil);
    if (timer !== null && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = later(() => {
      timer = null;
      due = Infinity;
      send();
    }, at - now());
  }

  async function send() {
    if (sending || !queue.length) return;
    if (!allowed()) {
      forget();
      return;
    }
    const { body, ids } = batch();
    sending = ids;
    let status = 0;
    let wait = 0;
    try {
      const response = await fetch(endpoint, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body,
        credentials: "same-origin",
        cache: "no-store",
        keepalive: body.length <= MAX_BYTES,
      });
      status = response.status;
      wait = Number(response.headers.get("Retry-After")) * 1000 || 0;
      await response.arrayBuffer(); // an answer that nobody reads holds on to its connection
    } catch {
      // No network; tried again below.
    }
    if (sending !== ids) return; // consent was withdrawn meanwhile
    sending = null;
    if (status === 0 || status === 429 || status >= 500) {
      failures += 1;
      const pause = 1000 * 2 ** Math.min(failures - 1, 6) * (0.75 + Math.random() / 2);
      blockedUntil = now() + Math.min(Math.max(wait, pause), MAX_WAIT);
      plan(0);
      return;
    }
    failures = 0;
    confirm(ids); // taken, or refused for good: the same events would be refused again
    if (status === 403 && !asked && window.attuneConsent && window.attuneConsent.check) {
      asked = true; // the cookie grants what the server does not: ask once what is true
      window.attuneConsent.check();
    }
    if (queue.length) plan(0);
  }

  // The page is leaving: hand over to the browser what is not under way already.
  function beacon() {
    if (!allowed()) return;
    for (;;) {
      const { body, ids } = batch();
      if (!ids.size) return;
      // Text: what is no plain type would need a question to the server first, for which there is no time.
      if (!navigator.sendBeacon(endpoint, new Blob([body], { type: "text/plain" }))) return;
      confirm(ids);
    }
  }

  function track(name, properties = {}, delay = IDLE) {
    if (!allowed()) return null;
    const event = {
      id: uuid7(),
      name,
      occurred_at: new Date().toISOString(),
      page: {
        url: location.href.split("#")[0],
        title: document.title.slice(0, 300),
        referrer: document.referrer,
      },
      properties,
    };
    try {
      queue.push(JSON.parse(JSON.stringify(event))); // as it is now, and only if it can be sent at all
    } catch {
      return null; // a circle or a BigInt among the properties would hold up all that comes after
    }
    if (queue.length > MAX_KEPT) queue = queue.slice(-MAX_KEPT);
    keep();
    plan(delay);
    return event.id;
  }

  // --- Observers ------------------------------------------------------------------------------------------------------

  const ACTIVE = 30000; // milliseconds that somebody counts as there after moving, typing, scrolling or touching
  const NOTABLE = 100; // milliseconds
  const DEPTHS = [25, 50, 75, 90];
  const SEEN = 1000;

  let engaged = 0;
  let since = null;
  let lastActive = 0;
  let reached = new Set();

  function settle() {
    const at = now();
    if (since !== null) engaged += Math.max(0, Math.min(at, lastActive + ACTIVE) - since);
    since = hidden() ? null : at;
  }

  function active() {
    settle();
    lastActive = now();
  }

  function sendEngagement() {
    settle();
    if (engaged < NOTABLE) return; // leaving is announced twice: what little lies between says nothing
    track("user_engagement", { engagement_time_msec: Math.round(engaged) });
    engaged = 0;
  }

  function measureScroll() {
    const root = document.documentElement;
    const room = root.scrollHeight - root.clientHeight;
    if (room <= 0) return;
    const percent = ((window.scrollY + root.clientHeight) / root.scrollHeight) * 100;
    for (const depth of DEPTHS) {
      if (percent < depth || reached.has(depth)) continue;
      reached.add(depth);
      track("scroll", { percent_scrolled: depth });
    }
  }

  let scrolling = false;
  function onScroll() {
    if (scrolling || !started) return;
    scrolling = true;
    requestAnimationFrame(() => {
      scrolling = false;
      measureScroll();
    });
  }

  function onClick(event) {
    if (!started) return;
    const block = closest(event.target, "[data-attune-block]");
    const link = closest(event.target, "a[href], button, input[type=submit], [role=button]");
    if (block && link && block.contains(link)) {
      const properties = blockOf(block);
      // Of pages only, and no more than is kept of a page's own address: mailto: and tel: name somebody.
      if (/^https?:$/.test(link.protocol)) properties.link_url = link.origin + link.pathname;
      track("block_click", properties, SOON);
    }
    const element = closest(event.target, "[data-attune-event]");
    if (element && element.dataset.attuneEvent) {
      track(element.dataset.attuneEvent, marked(element, "data-attune-event-"), 0);
    }
  }

  const blockOf = (element) => ({
    block: element.dataset.attuneBlock,
    variant: element.dataset.attuneVariant || "default",
  });

  // Seen: half of the block for a second, once on a page.
  function watchBlocks() {
    if (!("IntersectionObserver" in window)) return;
    const waiting = new Map();
    const seen = new WeakSet();
    const stop = (element) => {
      clearTimeout(waiting.get(element));
      waiting.delete(element);
    };
    const start = (element) => {
      if (waiting.has(element)) return;
      const whenSeen = () => {
        waiting.delete(element);
        if (hidden() || track("block_view", blockOf(element)) === null) return;
        seen.add(element);
        observer.unobserve(element);
      };
      waiting.set(element, later(whenSeen, SEEN));
    };
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const { width, height } = entry.boundingClientRect;
          if (entry.intersectionRatio >= 0.5 && width * height > 0 && !hidden()) start(entry.target);
          else stop(entry.target);
        }
      },
      { threshold: 0.5 },
    );
    const look = () => {
      for (const element of document.querySelectorAll("[data-attune-block]")) {
        if (seen.has(element)) continue;
        observer.unobserve(element); // observing anew tells at once what is in view
        observer.observe(element);
      }
    };
    look();
    document.addEventListener("attune:blocks", look); // what came after the page
    document.addEventListener("visibilitychange", () => {
      for (const element of [...waiting.keys()]) stop(element);
      if (!hidden()) look();
    });
  }

  function viewPage() {
    engaged = 0;
    reached = new Set();
    since = hidden() ? null : now();
    lastActive = now();
    track("page_view", {}, SOON);
    const items = document.querySelectorAll("[data-attune-item-id]");
    // Several would be cards in a list, and none of them is what the page is about.
    if (items.length === 1) track("view_item", itemOf(marked(items[0], "data-attune-item-")), SOON);
  }

  const itemOf = ({ id, category, name, price }) => {
    const item = { item_id: id };
    if (category) item.item_category = category;
    if (name) item.item_name = name;
    if (typeof price === "number") item.price = price;
    return item;
  };

  // --- Start ----------------------------------------------------------------------------------------------------------

  let started = false;

  function start() {
    if (started || !allowed()) return;
    started = true;
    recall();
    viewPage();
    watchBlocks();
  }

  function consentChanged() {
    if (allowed()) {
      start();
    } else {
      forget();
      engaged = 0;
    }
  }

  function leave() {
    if (!started) return;
    sendEngagement();
    beacon();
  }

  window.attune = Object.freeze({ track: (name, properties) => track(name, properties) });

  document.addEventListener("attune:consent", consentChanged);
  document.addEventListener("click", onClick, true);
  document.addEventListener("scroll", onScroll, { passive: true });
  for (const name of ["pointermove", "pointerdown", "keydown", "wheel", "touchstart", "scroll"]) {
    document.addEventListener(name, active, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => (hidden() ? leave() : settle()));
  window.addEventListener("pagehide", leave);
  window.addEventListener("online", () => plan(0));
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sending = null; // what was under way when the page was set aside gets no answer any more
    if (started && allowed()) viewPage();
    else consentChanged();
  });

  // A page that the browser only prepares has not been looked at yet.
  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();
