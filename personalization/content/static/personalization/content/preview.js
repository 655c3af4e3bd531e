// The page of a block: shows each open variant as visitors will see it, with what is typed, at two widths.
(() => {
  "use strict";

  const PAUSE = 700; // milliseconds without typing
  const WIDTHS = { laptop: 1200, phone: 390 };
  const MOST = 600; // pixels of height

  const bringToLife = (root) => {
    const { previewUrl: url, labelLaptop, labelPhone, labelPreview } = root.dataset;
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    let made = 0;

    const setUp = (variant) => {
      const place = variant.querySelector(".attune-preview");
      const { attuneSrc: stored } = place?.dataset || {}; // what is not edited here is shown as it is stored
      if (!(stored || (place && url)) || place.classList.contains("attune-preview-ready")) return;
      place.classList.add("attune-preview-ready");
      const prefix = variant.id;
      const frame = document.createElement("div");
      frame.className = "attune-preview-frame";
      const widths = document.createElement("div");
      widths.className = "attune-preview-widths";
      let width = WIDTHS.laptop;
      let current = null;
      let timer = 0;

      const fit = () => {
        if (!current) return;
        const room = place.clientWidth - 2; // the frame's border
        const scale = Math.min(1, room / width);
        current.style.width = `${width}px`;
        const page = current.contentDocument?.documentElement;
        current.style.height = "0";
        const height = Math.min(page?.scrollHeight || 200, MOST / scale);
        current.style.height = `${height}px`;
        current.style.transform = `scale(${scale})`;
        frame.style.width = `${Math.min(room, width)}px`;
        frame.style.height = `${Math.ceil(height * scale)}px`;
      };

      // A new frame each time: going back in the browser stays going back to another page.
      const show = () => {
        const next = document.createElement("iframe");
        next.name = `attune-preview-${++made}`;
        next.title = labelPreview;
        next.setAttribute("sandbox", "allow-same-origin"); // no scripts: nothing in it is tracked
        frame.append(next);
        next.addEventListener("load", () => {
          if (next.contentDocument?.URL === "about:blank") return;
          current = next;
          for (const other of frame.querySelectorAll("iframe")) if (other !== next) other.remove();
          fit();
        });
        if (stored) {
          next.src = stored;
          return;
        }
        const form = document.createElement("form");
        Object.assign(form, { method: "post", action: url, target: next.name, hidden: true });
        const put = (name, value) => {
          const input = document.createElement("input");
          Object.assign(input, { type: "hidden", name, value });
          form.append(input);
        };
        for (const [name, value] of new FormData(variant.closest("form"))) {
          if (name.startsWith(`${prefix}-`) && typeof value === "string") put(name, value);
        }
        put("prefix", prefix);
        put("csrfmiddlewaretoken", token);
        document.body.append(form);
        form.submit();
        form.remove();
      };
      const soon = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          if (place.clientWidth) show(); // not while it is folded away
        }, PAUSE);
      };

      const buttons = Object.entries({ laptop: labelLaptop, phone: labelPhone }).map(([name, label]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = label;
        button.setAttribute("aria-pressed", String(name === "laptop"));
        button.addEventListener("click", () => {
          width = WIDTHS[name];
          for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
          fit();
        });
        return button;
      });
      widths.append(...buttons);
      place.replaceChildren(widths, frame);
      for (const event of ["input", "change", "keyup", "focusout"]) variant.addEventListener(event, soon);
      new ResizeObserver(() => {
        if (place.clientWidth && !current) soon();
        else fit();
      }).observe(place);
    };

    document.addEventListener("formset:added", (event) => {
      if (root.contains(event.target)) setUp(event.target);
    });
    root.querySelectorAll(".inline-related:not(.empty-form), .attune-variant").forEach(setUp);
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-attune-variants]").forEach(bringToLife);
  });
})();
