// While a rule is typed: says it as a sentence, or what is wrong with it; and takes over the examples. Without it, saving says both.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("textarea.attune-rule");
  const sentence = document.querySelector(".attune-in-words");
  const preview = document.getElementById("attune-rule-preview");
  if (!field) {
    return;
  }

  for (const button of document.querySelectorAll("button.attune-use-example")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field.value = button.parentElement.querySelector("pre").textContent;
      field.dispatchEvent(new Event("input"));
      field.focus();
    });
  }

  if (!sentence || !preview) {
    return;
  }
  let waiting = 0;
  let asked = 0;

  const show = (answer) => {
    sentence.replaceChildren();
    if (answer.mistakes.length === 0) {
      const paragraph = document.createElement("p");
      paragraph.className = "attune-sentence";
      paragraph.textContent = answer.sentence;
      sentence.append(paragraph);
      return;
    }
    const list = document.createElement("ul");
    list.className = "attune-mistakes";
    for (const mistake of answer.mistakes) {
      const item = document.createElement("li");
      item.textContent = mistake;
      list.append(item);
    }
    sentence.append(list);
  };

  const ask = async () => {
    const number = (asked += 1);
    const slug = document.getElementById("id_slug");
    const body = new FormData();
    body.append("rule", field.value);
    body.append("slug", slug ? slug.value : preview.dataset.slug);
    try {
      const response = await fetch(preview.dataset.url, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": field.form.elements.csrfmiddlewaretoken.value },
      });
      if (response.ok && number === asked) {
        show(await response.json());
      }
    } catch {
      // The server is out of reach: saving will tell.
    }
  };

  sentence.setAttribute("aria-live", "polite");
  field.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(ask, 400);
  });
});
