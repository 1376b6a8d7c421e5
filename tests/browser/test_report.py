"""The report in a real Chromium: exact numbers, no requests, and everybody can use it.

Run by ``make browser``, not by ``make test``, which needs no browser.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

COLUMNS = [
    "Provider",
    "Account",
    "Project",
    "Service",
    "Category",
    "Currency",
    "As charged",
    "Charges",
    "EUR",
]
BRANDS = {"bnerd": "b'nerd", "harmont": "Harmont"}


def cells(page: Page, column: int) -> list[str]:
    return page.locator(f"#costs tbody tr:not([hidden]) td:nth-child({column})").all_inner_texts()


def exact(page: Page, selector: str) -> list[str]:
    return [str(data.get_attribute("value")) for data in page.locator(selector).all()]


def test_every_number_is_the_librarys_to_the_last_digit(
    opened: Callable[..., Any], costs: Any
) -> None:
    with opened() as shown:
        page = shown.page
        assert exact(page, "#total data") == [costs["totals"]["converted"]]
        assert exact(page, "#sum") == [costs["totals"]["converted"]]
        rows = {}
        for row in costs["rows"]:
            provider, *others = row["keys"].values()
            ((currency, native),) = row["native"].items()
            keys = (BRANDS[provider], *others, currency)
            rows[keys] = [native, str(row["lines"]), row["converted"]]
        shown_rows = page.evaluate(
            "[...document.querySelectorAll('#costs tbody tr')].map((row) =>"
            "  [...row.cells].map((c) => c.querySelector('data')?.value ?? c.textContent))"
        )
        assert {tuple(texts[:6]): texts[6:] for texts in shown_rows} == rows
        # 142.82 USD at 1.25, 354.43445 and 12.24624 EUR
        assert page.locator("#total").inner_text().split() == ["480.94", "EUR"]
        assert costs["totals"]["converted"] == "480.93669"


def test_days_and_what_has_none_add_up_to_the_total(opened: Callable[..., Any], costs: Any) -> None:
    with opened() as shown:
        *by_day, undated = map(Decimal, exact(shown.page, "#days tbody td:last-child data"))
        assert (sum(by_day), undated) == (Decimal("114.256"), Decimal("366.68069"))
        total = costs["totals"]["converted"]
        assert exact(shown.page, "#days tfoot td:last-child data") == [total]
        assert exact(shown.page, "#undated data") == ["114.25600", "366.68069", total]
        assert sum(by_day) + undated == Decimal(total)
    with opened("partial.html") as shown:
        days = sum(map(Decimal, exact(shown.page, "#days tbody td:last-child data")))
        assert days == Decimal(exact(shown.page, "#total data")[0])


def test_rows_sort_by_any_column_in_both_directions(opened: Callable[..., Any]) -> None:
    with opened() as shown:
        page = shown.page
        for number, name in enumerate(COLUMNS, 1):
            head = page.locator(f"#costs thead th:nth-child({number})")
            assert head.inner_text().strip() == name
            for direction in ("ascending", "descending"):
                head.locator("button").click()
                assert head.get_attribute("aria-sort") == direction
                assert page.locator("#costs thead th[aria-sort]").count() == 1
                if name == "EUR":
                    values = [
                        Decimal(value) for value in exact(page, "#costs tbody data.converted")
                    ]
                    assert values == sorted(values, reverse=direction == "descending")
                elif name not in ("As charged", "Charges"):
                    texts = [text.lower() for text in cells(page, number)]
                    assert texts == sorted(texts, reverse=direction == "descending")
        page.locator("#costs thead th:nth-child(7) button").click()
        currencies = cells(page, 6)
        assert currencies == sorted(
            currencies
        )  # amounts of different currencies are never ranked among each other


def test_a_sum_that_only_rounding_makes_zero_says_so(opened: Callable[..., Any]) -> None:
    with opened() as shown:
        page = shown.page
        page.evaluate(
            "const row = document.querySelector('#costs tbody tr');"
            "row.cells[1].textContent = 'tiny-row';"
            "row.querySelector('data.converted').value = '-0.003'"
        )
        page.get_by_label("Filter rows").fill("tiny-row")
        assert (exact(page, "#sum"), page.locator("#sum").inner_text()) == (["-0.003"], "0.00")
        mark = "getComputedStyle(document.getElementById('sum'), '::before').content"
        assert page.evaluate(mark) == '"~"'


def test_filtering_keeps_rows_with_every_word_and_adds_them_up_exactly(
    opened: Callable[..., Any],
) -> None:
    with opened() as shown:
        page = shown.page
        count = page.locator("#costs tbody tr").count()
        page.get_by_label("Filter rows").fill("B'NERD compute")
        assert set(cells(page, 4)) == {"Compute M", "Compute S"}
        # 85.095 + 22.64625 + 17.112 + 8.556
        assert exact(page, "#sum") == ["133.40925"]
        assert page.locator("#sum").inner_text() == "133.41"
        assert page.locator("#shown").inner_text() == f"4 of {count} rows"
        page.get_by_label("Filter rows").fill("credit")
        assert (exact(page, "#sum"), page.locator("#sum").inner_text()) == (
            ["-18.60"],
            "-18.60",
        )
        page.get_by_label("Filter rows").fill("nothing like it")
        assert (cells(page, 1), exact(page, "#sum"), page.locator("#sum").inner_text()) == (
            [],
            ["0.00"],
            "0.00",
        )
        page.get_by_label("Filter rows").fill("")
        assert page.locator("#shown").inner_text() == f"{count} rows"
        assert page.locator("#sum").inner_text() == "480.94"


def test_an_incomplete_total_says_so_before_any_number_of_its_parts(
    opened: Callable[..., Any],
) -> None:
    with opened("partial.html") as shown:
        page = shown.page
        assert page.title() == "Cloud costs, October 2026 (incomplete)"
        assert page.locator(".badge").inner_text().endswith("incomplete - 4 of 8 accounts")
        assert (
            "Latitude.sh only has each project's" in page.get_by_role("complementary").inner_text()
        )
    with opened() as shown:
        assert shown.page.title() == "Cloud costs, October 2026"
        assert shown.page.locator(".badge").inner_text().endswith("complete - 3 of 8 accounts")
        assert shown.page.get_by_role("complementary").count() == 0
        assert "vs September 2026" in shown.page.locator("#change").inner_text()


def test_the_keyboard_reaches_and_works_everything(opened: Callable[..., Any]) -> None:
    with opened() as shown:
        page = shown.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "filter"
        page.keyboard.type("harmont")
        assert page.locator("#shown").inner_text().startswith("3 of")
        for _ in range(2):  # past the table's own scroll area to its first heading
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Provider"
        page.keyboard.press("Enter")
        assert page.locator("#costs th").first.get_attribute("aria-sort") == "ascending"
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


def test_screen_readers_find_headings_labels_and_scopes(opened: Callable[..., Any]) -> None:
    with opened() as shown:
        page = shown.page
        assert page.evaluate("document.documentElement.lang") == "en"
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3')].map((h) => Number(h.tagName[1]))"
        )
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert page.locator("main").count() == page.locator("h1").count() == 1
        assert page.evaluate("[...document.querySelectorAll('th')].every((th) => th.scope)")
        assert page.evaluate(
            "[...document.querySelectorAll('section')]"
            ".every((s) => document.getElementById(s.getAttribute('aria-labelledby')))"
        )
        assert page.evaluate(
            "[...document.querySelectorAll('input')].every((i) => i.labels.length === 1)"
        )
        assert page.evaluate(
            "[...document.querySelectorAll('svg')].every((s) => s.closest('figure'))"
        )
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
        assert len(ids) == len(set(ids))
        assert page.get_by_role("status").inner_text().endswith("rows")
        names = page.evaluate(
            "[...document.querySelectorAll('button, summary, a')].map((e) => e.textContent.trim())"
        )
        assert all(names)


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        ("report.html", "dark", 360),
        ("partial.html", "light", 360),
        ("partial.html", "dark", 1280),
    ],
)
def test_axe_finds_nothing_that_keeps_anybody_out(
    opened: Callable[..., Any], name: str, scheme: str, width: int
) -> None:
    with opened(name, color_scheme=scheme, viewport={"width": width, "height": 900}) as shown:
        background = "getComputedStyle(document.body).backgroundColor"
        dark = shown.page.evaluate(background) == "rgb(20, 23, 27)"
        assert dark == (scheme == "dark")
        shown.page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        found = Axe().run(shown.page, options={"resultTypes": ["violations"]}).response
        assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


# Everything that reaches beyond the window, and every cell that is hidden or cut off.
BEYOND = """() => {
  const width = document.documentElement.clientWidth;
  const seen = [...document.querySelectorAll("main *")].filter((e) => e.getClientRects().length);
  return seen
    .filter((e) => !e.closest("thead") && e.getBoundingClientRect().right > width + 0.5)
    .map((e) => e.outerHTML.slice(0, 200));
}"""
CUT_TEXTS = """() => [...document.querySelectorAll("figure svg")]
  .filter((svg) => svg.getClientRects().length)
  .flatMap((svg) => {
    const { left, right } = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].filter((text) => {
      const box = text.getBoundingClientRect();
      return box.left < left - 1 || box.right > right + 1;
    });
  })
  .map((text) => text.textContent)"""
HIDDEN_CELLS = """() => [...document.querySelectorAll("main tbody :is(td, th), main tfoot :is(td, th)")]
  .filter((e) => e.textContent && !e.matches(".zero") && !e.getClientRects().length)
  .map((e) => e.outerHTML)"""


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_nothing_overflows_or_is_hidden_at_any_width(
    opened: Callable[..., Any], width: int
) -> None:
    for name in ("report.html", "partial.html"):
        with opened(name, viewport={"width": width, "height": 900}) as shown:
            page = shown.page
            page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert page.evaluate(BEYOND) == []
            assert page.evaluate(HIDDEN_CELLS) == []
            assert page.evaluate(CUT_TEXTS) == []
            for figure in page.locator("figure").all():
                drawn = figure.locator("svg >> visible=true").all()
                assert [svg.locator("xpath=..").get_attribute("class") for svg in drawn] == [
                    "narrow" if width == 360 else "wide"
                ]


def test_every_section_has_its_heading_in_this_order(opened: Callable[..., Any]) -> None:
    with opened("partial.html") as shown:
        assert shown.page.locator("h1, h2").all_inner_texts() == [
            "Cloud costs October 2026",
            "Not included in this total",
            "Included, but for another period",
            "By day",
            "By service",
            "What changed",
            "Cost centres",
            "All costs",
            "Balances and runway",
            "Invoices",
            "Do the providers' own numbers agree?",
            "Coverage",
            "Exchange rates",
        ]
        assert shown.page.locator("#accounts div").all_inner_texts() == [
            "Complete\ncloud, cloud-dev, ci",
            "Incomplete\nmetal",
            "Left out by a filter\nk8s, k8s-sandbox, ci-legacy, metal-br",
        ]
    with opened() as shown:
        headings = shown.page.locator("h2").all_inner_texts()
        assert headings[:3] == ["By day", "Month by month", "By service"]


def test_comparisons_and_coverage_are_folded_until_somebody_asks(
    opened: Callable[..., Any],
) -> None:
    with opened() as shown:
        page = shown.page
        assert page.locator("details[open]").count() == 0
        assert not page.locator("#comparisons").is_visible()
        assert "comparisons do not agree" in page.locator("#reconciliation + p").inner_text()
        page.get_by_text("Show the comparisons").click()
        assert page.locator("#comparisons").is_visible()
        page.get_by_text("Show the comparisons").click()
        assert not page.locator("#comparisons").is_visible()


COPIED = """(id) => {
  getSelection().selectAllChildren(document.getElementById(id));
  return getSelection().toString();
}"""


def test_a_copied_table_is_figures_between_tabs(opened: Callable[..., Any], costs: Any) -> None:
    with opened() as shown:
        head, *rows, total = shown.page.evaluate(COPIED, "costs").strip().split("\n")
        assert head.split("\t") == COLUMNS
        assert total.split("\t")[-1] == "480.94"
        # Compute M, usage in euros: 85.095
        assert "b'nerd\tcloud\tledger-prod\tCompute M\tusage\tEUR\t85.10\t1\t85.10" in rows
        assert (
            "b'nerd\tcloud\tledger-staging\tStart-up credit\tcredit\tEUR\t-18.60\t1\t-18.60" in rows
        )
        assert len(rows) == len(costs["rows"])
        assert all(map(str.isascii, rows))
        changed = shown.page.evaluate(COPIED, "changes").strip().split("\n")
        assert changed[-1].split("\t")[:6] == ["Total", "", "431.90", "480.94", "+49.04", "+11.4 %"]


def test_without_scripts_everything_is_there(opened: Callable[..., Any], costs: Any) -> None:
    with opened(java_script_enabled=False) as shown:
        assert len(cells(shown.page, 1)) == len(costs["rows"])
        assert shown.page.locator("svg >> visible=true").count() == 4


def test_charts_are_drawn_to_the_amounts(opened: Callable[..., Any], costs: Any) -> None:
    with opened() as shown:
        bars = shown.page.locator("#by-service + figure .wide [aria-roledescription=bar]").all()
        labels = [str(bar.get_attribute("aria-label")) for bar in bars]
        amounts = [
            Decimal(amount[1])
            for label in labels
            if (amount := re.search(r"EUR: (-?[\d.]+)", label.replace("\N{MINUS SIGN}", "-")))
        ]
        services: dict[tuple[str, str], Decimal] = {}
        for row in costs["rows"]:
            key = row["keys"]["service"], row["keys"]["provider"]
            services[key] = services.get(key, Decimal(0)) + Decimal(row["converted"])
        assert sorted(amounts) == sorted(services.values())


def test_it_prints_on_paper_with_everything_and_no_controls(
    opened: Callable[..., Any], tmp_path: Path
) -> None:
    with opened(color_scheme="dark") as shown:
        page = shown.page
        pdf = page.pdf(format="A4")
        assert pdf.startswith(b"%PDF-")
        page.emulate_media(media="print")
        assert not page.locator("#filter").is_visible()
        assert (
            page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        )
        assert page.locator("#costs tbody tr").first.is_visible()
        assert all(not summary.is_visible() for summary in page.locator("summary").all())
        for table in ("#days", "#comparisons", "[aria-labelledby=coverage] table"):
            assert page.locator(table).is_visible()
        assert page.locator(".rates").is_visible()
        assert not page.get_by_text("hover for the exact amount").is_visible()


def test_no_script_or_style_but_the_pages_own_is_run(
    opened: Callable[..., Any], reports: Path, chromium: Browser, tmp_path: Path
) -> None:
    with opened() as shown:
        swatches = shown.page.locator(".swatch").all()
        colours = {
            swatch.evaluate("(e) => getComputedStyle(e).backgroundColor") for swatch in swatches
        }
        assert len(colours) == len(swatches) > 1
        assert "rgba(0, 0, 0, 0)" not in colours
    page = (reports / "report.html").read_text("utf-8")
    planted = (
        '<script>document.title = "ran"</script><img src="data:," onerror="document.title=1">'
        '<style>h1 { color: rgb(1, 2, 3) }</style><p id="p" style="color: rgb(1, 2, 3)">x</p>'
    )
    (tmp_path / "planted.html").write_text(page.replace("<main>", f"<main>{planted}"), "utf-8")
    context = chromium.new_context()
    shown_page = context.new_page()
    blocked: list[str] = []
    shown_page.on("console", lambda message: blocked.append(message.text))
    shown_page.goto((tmp_path / "planted.html").as_uri())
    assert shown_page.title() == "Cloud costs, October 2026"
    for selector in ("h1", "#p"):
        colour = shown_page.locator(selector).evaluate("(e) => getComputedStyle(e).color")
        assert colour != "rgb(1, 2, 3)"
    assert len([text for text in blocked if "Content Security Policy" in text]) == 4
    context.close()
