"use strict";
const table = document.getElementById("costs");
const body = table.tBodies[0];
const filter = document.getElementById("filter");
const count = document.getElementById("shown");
const sum = document.getElementById("sum");
const digits = Number(sum.dataset.digits);

// Amounts have any number of decimals. They are added as integers of the smallest one, never as floats.
function add(amounts) {
  const places = Math.max(digits, ...amounts.map((amount) => (amount.split(".")[1] ?? "").length));
  const total = amounts.reduce((subtotal, amount) => {
    const [units, decimals = ""] = amount.split(".");
    return subtotal + BigInt(units + decimals.padEnd(places, "0"));
  }, 0n);
  return [total, places];
}

function text(integer, places) {
  const figures = String(integer < 0n ? -integer : integer).padStart(places + 1, "0");
  const point = figures.length - places;
  const sign = integer < 0n ? "-" : "";
  return sign + figures.slice(0, point) + (places ? "." + figures.slice(point) : "");
}

// The sum as the page writes every number: digits alone, in groups that the style sets apart.
function show(integer, places) {
  const unit = 10n ** BigInt(places - digits);
  const size = integer < 0n ? -integer : integer;
  const nearest = (size + unit / 2n) / unit;
  const [units, decimals] = text(nearest, digits).split(".");
  const [first, ...groups] = units.split(/(?=(?:\d{3})+$)/);
  const sign = integer < 0n && nearest > 0n ? "-" : "";
  const parts = [sign + first, ...groups].map((digits) => Object.assign(document.createElement("span"), { textContent: digits }));
  parts.at(-1).append(decimals ? "." + decimals : "");
  sum.replaceChildren(parts[0].textContent, ...parts.slice(1));
  sum.classList.toggle("almost", integer !== 0n && nearest === 0n);
}

function key(row, column) {
  const data = row.cells[column].querySelector("data");
  return data ? [data.dataset.currency ?? "", Number(data.value)] : ["", row.cells[column].textContent.trim().toLowerCase()];
}

function compare(a, b) {
  for (const index of [0, 1]) {
    if (a[index] !== b[index]) return a[index] < b[index] ? -1 : 1;
  }
  return 0;
}

for (const button of table.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const head = button.parentElement;
    const ascending = head.getAttribute("aria-sort") !== "ascending";
    for (const cell of head.parentElement.cells) cell.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const rows = [...body.rows].sort((a, b) => compare(key(a, head.cellIndex), key(b, head.cellIndex)) * (ascending ? 1 : -1));
    body.append(...rows);
  });
}

filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of body.rows) {
    const content = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => content.includes(word));
  }
  const shown = [...body.rows].filter((row) => !row.hidden);
  const [total, places] = add(shown.map((row) => row.querySelector("data.converted").value));
  sum.value = text(total, places);
  sum.title = `${sum.value} ${sum.dataset.currency}`;
  show(total, places);
  count.textContent = shown.length === body.rows.length ? `${shown.length} rows` : `${shown.length} of ${body.rows.length} rows`;
});
