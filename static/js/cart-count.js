// Pages are cached for everyone, so the number of pieces in the cart comes from a cookie.
const found = document.cookie.match(/(?:^|; )cart_n=(\d{1,3})(?:;|$)/);
for (const place of document.querySelectorAll("[data-cart-count]")) {
  if (found && found[1] !== "0") place.textContent = found[1];
}
