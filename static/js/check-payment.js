// The return page asks whether the payment has arrived, twice a minute at most; without script the button does it.
const form = document.querySelector("form[data-auto]");
const key = "asked:" + location.pathname;
if (form && Date.now() - Number(sessionStorage.getItem(key) || 0) > 30000) {
  sessionStorage.setItem(key, String(Date.now()));
  form.requestSubmit();
}
// Whoever goes on to the payment page comes back with news.
document.addEventListener("submit", ({ target }) => {
  if (target !== form) sessionStorage.removeItem(key);
});
