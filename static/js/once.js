// A second click sends nothing twice: a sent form's buttons rest until the page is shown again, or eight seconds.
const resting = new Set();
const wake = () => {
  for (const button of resting) button.disabled = false;
  resting.clear();
};
document.addEventListener("submit", ({ target: form, defaultPrevented }) => {
  if (defaultPrevented || form.method !== "post") return;
  // after this task, so that the pressed button's name and value still go with the form
  setTimeout(() => {
    for (const button of form.querySelectorAll("button[type=submit]:enabled")) {
      button.disabled = true;
      resting.add(button);
    }
  });
  setTimeout(wake, 8000);
});
addEventListener("pageshow", wake);
