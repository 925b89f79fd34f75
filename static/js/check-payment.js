// The return page asks once whether the payment has arrived; without script the button does it.
const form = document.querySelector("form[data-auto]");
if (form && !sessionStorage.getItem("asked:" + location.pathname)) {
  sessionStorage.setItem("asked:" + location.pathname, "1");
  form.requestSubmit();
}
