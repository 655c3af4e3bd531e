// Shows how many pieces lie in the cart. The number comes from a cookie, so that pages are the same for everyone.
"use strict";

(() => {
  const badge = document.querySelector("[data-cart-count]");
  const show = () => {
    const found = /(?:^|; )cart_count=(\d{1,3})(?:;|$)/.exec(document.cookie);
    badge.hidden = !found;
    badge.textContent = found ? found[1] : "";
  };
  show();
  // A page that comes back from the browser's memory still shows the number of then.
  window.addEventListener("pageshow", show);
})();
