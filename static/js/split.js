// The parts' sum and what is missing, while it is typed.
addEventListener("input", ({ target }) => {
  const { col } = target.dataset;
  if (!col) return;
  const table = target.closest("table");
  const n = +table.dataset.places;
  const money = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: n });
  const show = (to, sign, sum) => (to.textContent = sign + money.format(sum / 10 ** n));
  const minor = ({ value }) => {
    const [, whole, rest = ""] = value.normalize("NFKC").replace(/[^\d.,]/g, "").match(/^(.*?)(?:[.,](\d\d?))?$/);
    return +(whole.replace(/\D/g, "") + (n ? rest.padEnd(n, 0) : rest));
  };
  const all = (of) => [...table.querySelectorAll(`[data-${of}="${col}"]`)];
  const [price, ...parts] = all("col").map(minor);
  const [total, off] = all("of");
  const left = parts.reduce((rest, part) => rest - part, price);
  show(total, "", price - left);
  show(off, left ? "! " : "✓ ", left);
  off.className = left ? "num off" : "num even";
});
