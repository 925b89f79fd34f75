// The parts' sum and what is missing, while prices are typed; the shop reckons it anew.
const money = new Intl.NumberFormat(document.documentElement.lang);
for (const table of document.querySelectorAll("table[data-places]")) {
  const unit = 10 ** table.dataset.places;
  const minor = ({ value }) => {
    const [, whole, rest = ""] = value.match(/^(.*?)(?:[.,](\d\d?))?$/);
    return Number(whole.replace(/\D/g, "") + (unit > 1 ? rest.padEnd(2, "0") : rest));
  };
  table.addEventListener("input", ({ target: { dataset: { col } } }) => {
    if (!col) return;
    const [price, ...parts] = [...table.querySelectorAll(`[data-col="${col}"]`)].map(minor);
    const sum = parts.reduce((all, part) => all + part, 0);
    const [total, off] = table.querySelectorAll(`[data-of="${col}"]`);
    total.textContent = money.format(sum / unit);
    off.textContent = (sum === price ? "✓ " : "! ") + money.format((price - sum) / unit);
    off.className = sum === price ? "num even" : "num off";
  });
}
