// The parts' sum and what is missing, while prices are typed; the shop reckons it anew.
for (const table of document.querySelectorAll("table[data-places]")) {
  const places = Number(table.dataset.places);
  const money = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: places });
  const minor = ({ value }) => {
    const digits = value.normalize("NFKC").replace(/[^\d.,]/g, "");
    const [, whole, rest = ""] = digits.match(/^(.*?)(?:[.,](\d\d?))?$/);
    return Number(whole.replace(/\D/g, "") + (places ? rest.padEnd(places, "0") : rest));
  };
  const shown = (sum) => money.format(sum / 10 ** places);
  table.addEventListener("input", ({ target: { dataset: { col } } }) => {
    if (!col) return;
    const [price, ...parts] = [...table.querySelectorAll(`[data-col="${col}"]`)].map(minor);
    const sum = parts.reduce((all, part) => all + part, 0);
    const [total, off] = table.querySelectorAll(`[data-of="${col}"]`);
    total.textContent = shown(sum);
    off.textContent = (sum === price ? "✓ " : "! ") + shown(price - sum);
    off.className = sum === price ? "num even" : "num off";
  });
}
