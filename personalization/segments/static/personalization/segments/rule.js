// While a rule is typed, anywhere in the admin: says it as a sentence, or what is wrong with it. Without it, saving says both.
"use strict";

(() => {
  const PAUSE = 400;
  const asked = new WeakMap();

  // Beneath the rule: on a segment's page a place of its own, in a variant the row beside it.
  const placeOf = (field) => {
    if (field.dataset.saidIn) return document.getElementById(field.dataset.saidIn);
    const around = field.closest(".inline-related") || field.form;
    return around.querySelector(".attune-in-words") || around.querySelector(".field-rule_in_words .readonly");
  };

  const show = (place, answer) => {
    const shown = document.createElement(answer.mistakes.length ? "ul" : "p");
    shown.className = answer.mistakes.length ? "attune-mistakes" : "attune-sentence";
    shown.textContent = answer.sentence;
    for (const mistake of answer.mistakes) {
      const item = document.createElement("li");
      item.textContent = mistake;
      shown.append(item);
    }
    place.replaceChildren(shown);
    if (answer.asked_of) {
      const whom = document.createElement("p");
      whom.className = "help";
      whom.textContent = answer.asked_of;
      place.append(whom);
    }
  };

  const ask = async (field, place) => {
    const body = new FormData();
    body.append("rule", field.value);
    const segment = document.querySelector("[data-attune-slug]");
    if (segment) {
      const slug = document.getElementById("id_slug");
      body.append("slug", slug ? slug.value : segment.dataset.attuneSlug);
    }
    const number = asked.get(field).number;
    try {
      const response = await fetch(field.dataset.inWords, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": field.form.elements.csrfmiddlewaretoken.value },
      });
      if (response.ok && number === asked.get(field).number) {
        const answer = await response.json();
        field.dispatchEvent(new CustomEvent("attune:told", { detail: answer })); // the rows take what is theirs
        show(place, answer);
      }
    } catch {
      // The server is out of reach: saving will tell.
    }
  };

  // Variants that are added later have their fields, too.
  const heard = ({ target }) => {
    const place = target.matches("textarea[data-in-words]") && placeOf(target);
    if (!place) return;
    place.setAttribute("aria-live", "polite");
    const { number, waiting } = asked.get(target) || { number: 0 };
    window.clearTimeout(waiting);
    asked.set(target, { number: number + 1, waiting: window.setTimeout(ask, PAUSE, target, place) });
  };
  document.addEventListener("input", heard);
  document.addEventListener("attune:ask", heard);
})();
