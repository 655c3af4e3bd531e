// The consent banner: shows the shell where a choice is missing, saves choices, and tells the page about them.
//
// window.attuneConsent.choices()  {analytics: "granted" | "refused" | "unset", …} as the readable cookie says
// window.attuneConsent.open()     shows the banner so that a choice can be changed
// window.attuneConsent.check()    asks the server what is proven (call it when the server refuses what the cookie grants)
// document "attune:consent"       event after every change, detail: {choices}
(() => {
  "use strict";
  if (window.attuneConsent) return;

  const NAMES =
    location.protocol === "https:"
      ? ["__Host-attune_consent", "__Secure-attune_consent", "attune_consent"]
      : ["attune_consent"];
  const TIMEOUT = 10000;
  const DOUBLE_CLICK = 500;
  const shell = document.querySelector("[data-attune-consent]");
  const names = shell ? [shell.dataset.attuneCookie] : NAMES;
  const find = (selector) => shell.querySelector(selector);
  const findAll = (selector) => [...shell.querySelectorAll(selector)];
  let policy = shell ? shell.dataset.attunePolicy : null;
  let opener = null;
  let busy = false;
  let sending = 0;
  let unfoldedAt = -Infinity;
  let last = "";

  function cookie() {
    for (const name of names) {
      const entry = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
      if (entry) return entry.slice(name.length + 1).replace(/^"|"$/g, "");
    }
    return "";
  }

  function choices() {
    const [version, ...entries] = cookie().split("|");
    const found = {};
    if (shell) for (const box of findAll("input[type=checkbox]")) found[box.name] = "unset";
    if (policy !== null && version !== policy) return found;
    for (const entry of entries) {
      const [code, choice] = entry.split(":");
      if ((!shell || code in found) && (choice === "granted" || choice === "refused")) found[code] = choice;
    }
    return found;
  }

  const missing = () => Object.values(choices()).includes("unset");

  function announce() {
    last = cookie();
    document.dispatchEvent(new CustomEvent("attune:consent", { detail: { choices: choices() } }));
  }

  function measure() {
    const height = shell.hidden ? 0 : shell.offsetHeight;
    document.documentElement.style.setProperty("--attune-consent-height", `${height}px`);
  }

  function say(message) {
    find("[data-attune-message]").textContent = message;
    measure();
  }

  function unfold(on) {
    find("#attune-consent-choose").hidden = !on;
    const choose = find("[data-attune-answer=choose]");
    const saving = find("[data-attune-answer=chosen]");
    const focused = document.activeElement === saving;
    choose.setAttribute("aria-expanded", String(on));
    choose.hidden = on; // saving takes its place, so that there are three equal answers at any time
    saving.hidden = !on;
    if (focused && !on) choose.focus();
    measure();
  }

  function show(unfolded) {
    const current = choices();
    // Nothing is ticked beforehand but what was granted before.
    for (const box of findAll("input[type=checkbox]")) box.checked = current[box.name] === "granted";
    say("");
    shell.hidden = false;
    document.documentElement.classList.add("attune-consent-open");
    unfold(unfolded);
  }

  function hide() {
    const within = shell.contains(document.activeElement);
    shell.hidden = true;
    document.documentElement.classList.remove("attune-consent-open");
    measure();
    if (within && opener && opener.isConnected) opener.focus();
    opener = null;
  }

  function ask() {
    if (document.querySelector("[data-attune-preferences-page]")) return; // that page asks already
    show(false);
    // Tell those who do not see it, without taking the focus away from something that is being used.
    if (!document.activeElement || document.activeElement === document.body) shell.focus({ preventScroll: true });
  }

  function open() {
    if (!shell) return;
    if (shell.hidden) opener = document.activeElement;
    show(true);
    shell.focus({ preventScroll: true });
  }

  // What the server says may be newer than this page, which a cache may have kept.
  function adopt(body) {
    if (body.policy) policy = body.policy;
    for (const purpose of body.purposes || []) {
      const entry = find(`[data-attune-purpose="${CSS.escape(purpose.code)}"]`);
      if (!entry) continue;
      entry.querySelector("[data-attune-title]").textContent = purpose.title;
      entry.querySelector("[data-attune-text]").textContent = purpose.text;
    }
  }

  async function send(options) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT);
    sending += 1;
    try {
      const response = await fetch(shell.dataset.attuneEndpoint, {
        credentials: "same-origin",
        cache: "no-store",
        keepalive: true, // who answers and follows a link at once has answered
        signal: abort.signal,
        ...options,
      });
      return { status: response.status, body: await response.json().catch(() => ({})) };
    } catch {
      return { status: 0, body: {} };
    } finally {
      sending -= 1;
      clearTimeout(timer);
    }
  }

  async function check() {
    if (!shell) return choices();
    const before = JSON.stringify(choices());
    const { status, body } = await send({});
    if (status === 200) adopt(body);
    if (missing()) {
      if (shell.hidden) ask();
    } else if (!shell.hidden && !opener) {
      hide();
    }
    last = cookie();
    if (JSON.stringify(choices()) !== before) announce();
    return choices();
  }

  async function save(chosen) {
    if (busy) return;
    busy = true;
    for (const button of findAll("button")) button.setAttribute("aria-disabled", "true");
    say("");
    const { status, body } = await send({
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ choices: chosen, policy }),
    });
    busy = false;
    for (const button of findAll("button")) button.removeAttribute("aria-disabled");
    if (status === 200) {
      hide();
      announce();
    } else if (status === 409) {
      adopt(body);
      show(true);
      say(shell.dataset.attuneChanged);
    } else {
      say(body.error || shell.dataset.attuneFailed);
    }
  }

  window.attuneConsent = Object.freeze({ choices, open, check });
  last = cookie();

  // A choice made in another tab counts here too, and so does one whose page was left before it was saved.
  function follow() {
    if (document.visibilityState === "hidden" || cookie() === last) return;
    if (shell && !shell.hidden && !busy && !opener && !missing()) hide(); // what was opened by hand stays
    announce();
  }
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("focus", follow);
  window.addEventListener("pageshow", follow);
  if (window.cookieStore) window.cookieStore.addEventListener("change", () => sending || follow());

  if (!shell) return;

  shell.addEventListener("click", (event) => {
    const button = event.target.closest("[data-attune-answer]");
    if (!button) return;
    const answer = button.dataset.attuneAnswer;
    const boxes = findAll("input[type=checkbox]");
    if (answer === "choose") {
      unfold(true);
      unfoldedAt = event.timeStamp;
      boxes[0].focus();
    } else if (answer === "chosen" && event.detail > 0 && event.timeStamp - unfoldedAt < DOUBLE_CLICK) {
      event.preventDefault(); // the second half of a double click on "choose" is no answer
    } else if (answer === "granted" || answer === "refused") {
      save(Object.fromEntries(boxes.map((box) => [box.name, answer === "granted"])));
    }
  });
  shell.addEventListener("change", () => {
    unfoldedAt = -Infinity;
  });
  find("#attune-consent-choose").addEventListener("submit", (event) => {
    event.preventDefault();
    save(Object.fromEntries(findAll("input[type=checkbox]").map((box) => [box.name, box.checked])));
  });
  shell.addEventListener("keydown", (event) => {
    // Escape leaves everything as it is: it closes what was opened by hand, and is no answer to the question.
    if (event.key !== "Escape" || busy) return;
    if (opener) hide();
    else {
      unfold(false);
      find("[data-attune-answer=choose]").focus();
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("[data-attune-consent-open]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
    opener = link;
  });
  window.addEventListener("resize", measure);

  if (!missing()) return;
  // A choice that was made about other texts than this page holds: perhaps it is the page that is old.
  if (cookie()) check();
  else ask();
})();
