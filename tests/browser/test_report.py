"""The report in a real Chromium: exact numbers, no requests, and everybody can use it.

Run by ``make browser``, not by ``make test``, which needs no browser.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

COLUMNS = ["provider", "account", "project", "service", "category", "charges", "as charged", "EUR"]


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
        rows = {tuple(row["keys"].values()): row for row in costs["rows"]}
        for shown_row in page.locator("#costs tbody tr").all():
            texts = shown_row.locator("td").all_inner_texts()
            row = rows.pop(tuple(texts[:5]))
            assert shown_row.locator("data.converted").get_attribute("value") == row["converted"]
            native = shown_row.locator(".nowrap data").all()
            assert {
                str(n.get_attribute("data-currency")): n.get_attribute("value") for n in native
            } == row["native"]
            assert texts[5] == str(row["lines"])
        assert rows == {}
        # 142.82 USD at 1.25, 354.43445 and 12.24624 EUR
        assert page.locator("#total").inner_text().split() == ["480.94", "EUR"]
        assert costs["totals"]["converted"] == "480.93669"


def test_days_and_what_has_none_add_up_to_the_total(opened: Callable[..., Any], costs: Any) -> None:
    with opened() as shown:
        days = sum(map(Decimal, exact(shown.page, "#days td:last-child data")))
        undated = sum(map(Decimal, exact(shown.page, "figcaption data")))
        assert (days, undated) == (Decimal("114.256"), Decimal("366.68069"))
        assert days + undated == Decimal(costs["totals"]["converted"])
    with opened("partial.html") as shown:
        days = sum(map(Decimal, exact(shown.page, "#days td:last-child data")))
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
                elif name not in ("as charged", "charges"):
                    texts = [text.lower() for text in cells(page, number)]
                    assert texts == sorted(texts, reverse=direction == "descending")
        page.locator("#costs thead th:nth-child(7) button").click()
        currencies = [text.split()[-1] for text in cells(page, 7)]
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
        assert (exact(page, "#sum"), page.locator("#sum").inner_text()) == (["-0.003"], "~0.00")


def test_filtering_keeps_rows_with_every_word_and_adds_them_up_exactly(
    opened: Callable[..., Any],
) -> None:
    with opened() as shown:
        page = shown.page
        count = page.locator("#costs tbody tr").count()
        page.get_by_label("Filter rows").fill("BNERD compute")
        assert set(cells(page, 4)) == {"Compute M", "Compute S"}
        # 85.095 + 22.64625 + 17.112 + 8.556
        assert exact(page, "#sum") == ["133.40925"]
        assert page.locator("#sum").inner_text() == "133.41"
        assert page.locator("#shown").inner_text() == f"4 of {count} rows"
        page.get_by_label("Filter rows").fill("credit")
        assert (exact(page, "#sum"), page.locator("#sum").inner_text()) == (
            ["-18.60"],
            "\N{MINUS SIGN}18.60",
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
        assert page.evaluate("document.activeElement.textContent") == "provider"
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
        assert levels == [1, *[2] * (len(levels) - 1)]
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["report.html", "partial.html"])
def test_every_text_has_contrast_in_light_and_dark(
    opened: Callable[..., Any], scheme: str, name: str
) -> None:
    with opened(name, color_scheme=scheme) as shown:
        assert shown.page.evaluate((Path(__file__).parent / "contrast.js").read_text()) >= 4.5
        dark = (
            shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
            == "rgb(20, 23, 27)"
        )
        assert dark == (scheme == "dark")


def test_a_phone_shows_it_without_scrolling_sideways_and_amounts_in_sight(
    opened: Callable[..., Any],
) -> None:
    with opened(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True
    ) as shown:
        page = shown.page
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        amount = page.locator("#costs tbody data.converted").first
        amount.scroll_into_view_if_needed()
        box = amount.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 390


def test_without_scripts_everything_is_there(opened: Callable[..., Any], costs: Any) -> None:
    with opened(java_script_enabled=False) as shown:
        assert len(cells(shown.page, 1)) == len(costs["rows"])
        assert shown.page.locator("svg").count() == 2


def test_charts_are_drawn_to_the_amounts(opened: Callable[..., Any], costs: Any) -> None:
    with opened() as shown:
        bars = shown.page.locator("figure").nth(1).locator("svg [aria-roledescription=bar]").all()
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
