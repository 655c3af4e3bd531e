// The page of a picture: a click on it says what matters in it. The numbers beside it do the same, by keyboard, too.
(() => {
  "use strict";

  document.addEventListener("DOMContentLoaded", () => {
    const x = document.getElementById("id_focus_x");
    const y = document.getElementById("id_focus_y");
    const file = document.getElementById("id_image");
    if (!x || !y || !file) return;

    const place = document.createElement("div");
    place.className = "attune-focus";
    const image = document.createElement("img");
    image.alt = "";
    const mark = document.createElement("span");
    mark.className = "attune-focus-mark";
    place.append(image, mark);
    file.closest(".form-row").append(place);

    const percent = (value) => Math.min(100, Math.max(0, Math.round(value)));
    const draw = () => {
      mark.style.left = `${percent(Number(x.value))}%`;
      mark.style.top = `${percent(Number(y.value))}%`;
    };
    const show = (address) => {
      place.hidden = !address;
      if (address) image.src = address;
    };

    const stored = file.closest(".form-row").querySelector("a[href]");
    show(stored ? stored.href : "");
    file.addEventListener("change", () => {
      const [chosen] = file.files;
      if (!chosen) return show(stored ? stored.href : "");
      const reader = new FileReader();
      reader.addEventListener("load", () => show(reader.result));
      reader.readAsDataURL(chosen);
    });
    place.addEventListener("click", (event) => {
      const { left, top, width, height } = image.getBoundingClientRect();
      x.value = percent((100 * (event.clientX - left)) / width);
      y.value = percent((100 * (event.clientY - top)) / height);
      draw();
    });
    x.addEventListener("input", draw);
    y.addEventListener("input", draw);
    draw();
  });
})();
