"use strict";
const table = document.getElementById("costs");
const body = table.tBodies[0];
const filter = document.getElementById("filter");
const count = document.getElementById("shown");
const sum = document.getElementById("sum");
const digits = Number(sum.dataset.digits);

// Amounts are decimals of any length: they are added as whole numbers of the smallest digit, never as floats.
function add(amounts) {
  const places = Math.max(digits, ...amounts.map((text) => (text.split(".")[1] ?? "").length));
  const whole = amounts.reduce((total, text) => {
    const [units, rest = ""] = text.split(".");
    return total + BigInt(units + rest.padEnd(places, "0"));
  }, 0n);
  return [whole, places];
}

function text(whole, places) {
  const figures = String(whole < 0n ? -whole : whole).padStart(places + 1, "0");
  const cut = figures.length - places;
  return (whole < 0n ? "-" : "") + figures.slice(0, cut) + (places ? "." + figures.slice(cut) : "");
}

function rounded(whole, places) {
  const unit = 10n ** BigInt(places - digits);
  const size = whole < 0n ? -whole : whole;
  const near = (size + unit / 2n) / unit;
  const [units, rest] = text(near, digits).split(".");
  const grouped = units.replace(/\B(?=(\d{3})+$)/g, "\u202f") + (rest ? "." + rest : "");
  return (whole < 0n && near > 0n ? "\u2212" : "") + grouped;
}

function key(row, column) {
  const data = row.cells[column].querySelector("data");
  return data ? [data.dataset.currency ?? "", Number(data.value)] : ["", row.cells[column].textContent.trim().toLowerCase()];
}

function compare(one, other) {
  for (const index of [0, 1]) {
    if (one[index] !== other[index]) return one[index] < other[index] ? -1 : 1;
  }
  return 0;
}

for (const button of table.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const head = button.parentElement;
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = [...body.rows].sort((a, b) => compare(key(a, head.cellIndex), key(b, head.cellIndex)) * (up ? 1 : -1));
    body.append(...rows);
  });
}

filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of body.rows) {
    const said = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => said.includes(word));
  }
  const shown = [...body.rows].filter((row) => !row.hidden);
  const [whole, places] = add(shown.map((row) => row.querySelector("data.converted").value));
  sum.value = text(whole, places);
  sum.title = `${sum.value} ${sum.dataset.currency}`;
  sum.textContent = rounded(whole, places);
  count.textContent = shown.length === body.rows.length ? `${shown.length} rows` : `${shown.length} of ${body.rows.length} rows`;
});
