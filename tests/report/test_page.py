"""The page as text: safe, self-contained, and with the numbers of the views behind it."""

import asyncio
import base64
import hashlib
import html
import re
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from attrs import evolve

from billfold import (
    Answer,
    Balance,
    BalanceKind,
    Billfold,
    ConfigError,
    Coverage,
    ForbiddenError,
    Period,
    State,
    Stream,
)
from billfold.costs import ConstantRates, Exchange, Policy
from billfold.costs.view import priced_lines
from billfold.report import ReportAnswers, ask, build_content, render_page
from billfold.report.charts import (
    NARROW,
    PALETTE,
    WIDE,
    Chart,
    Style,
    day_chart,
    ranked_chart,
    with_page_colours,
)
from billfold.report.cost_groups import ChartBar
from billfold.report.drawing import draw
from support.costs import OCTOBER, answer, charge, money
from support.reconciliation import legal
from support.reports import BOTH, DECEMBER, IDLE, content, euros, views
from support.world import simulating

VOID = {"meta", "link", "input", "br", "path", "line", "rect"}


class Outline(HTMLParser):
    """Checks nesting and remembers what matters."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("for", "aria-labelledby", "aria-controls", "aria-describedby"):
                self.refers += (value or "").split()
            if name in ("href", "src", "xlink:href", "action", "data", "poster", "srcset"):
                self.addresses.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page() -> str:
    async def asked() -> ReportAnswers:
        async with simulating() as start:
            fold, _ = await start("harmont", "bnerd")
            return await ask(fold, OCTOBER)

    rates = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal(2)}), Policy.CONSTANT)
    shown = build_content(
        asyncio.run(asked()),
        lambda usage: priced_lines(usage, currency="EUR", exchange=rates),
        currency="EUR",
        now=DECEMBER,
    )
    return render_page(shown, DECEMBER)


def test_the_page_is_well_formed_and_refers_only_to_itself(page: str) -> None:
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.refers) <= set(outline.ids)
    assert outline.headings[0] == 1
    assert all(
        later - earlier <= 1
        for earlier, later in zip(outline.headings, outline.headings[1:], strict=False)
    )
    assert all(
        address == "data:," or address.removeprefix("#") in outline.ids
        for address in outline.addresses
    )
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert "default-src 'none'" in page


def test_the_page_runs_its_own_script_and_style_alone(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    sources = dict(part.strip().split(" ", 1) for part in html.unescape(policy[1]).split(";"))
    for tag, name in (("style", "style-src"), ("script", "script-src")):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert sources[name] == f"'sha256-{digest}'"
    assert "unsafe" not in policy[1]
    assert not re.search(r"<[^>]* (style|on[a-z]+)=", page)


def test_every_row_of_the_view_is_on_the_page_to_the_last_digit(page: str) -> None:
    # 142.82 + 44.80 USD at 2 to the euro, and 354.43445 + 12.24624 EUR: 93.81 + 366.68069
    assert '<data value="460.49069" title="460.49069 EUR">460.49</data> <small>EUR</small>' in page
    assert '<data value="187.62" data-currency="USD" title="187.62 USD">187.62</data> USD' in page
    assert (
        'value="352.3757"' in page
    )  # what the metering invoice asks for; exact amounts are behind, not in front
    assert ">352.3757" not in page
    assert '<span class="bad">late data</span>' in page
    assert all(brand in page for brand in ("Harmont", "b&#39;nerd"))


async def test_the_current_period_is_asked_for_without_the_one_before(simulated) -> None:
    fold: Billfold
    fold, _ = await simulated("aether")
    current = await ask(fold, None, accounts=["k8s"])
    assert (current.period, current.before) == (None, None)
    assert [usage.account for usage in current.views.usage] == ["k8s"]
    november = await ask(fold, Period.month(2026, 11), accounts=["k8s"], now=DECEMBER)
    assert november.before is not None
    assert november.before.requested == OCTOBER


@pytest.mark.parametrize("day", [11, 20, 29])
async def test_a_running_period_is_asked_for_with_the_same_stretch_of_the_one_before(
    simulated, day: int
) -> None:
    """As far as the answer knows it, 20 November 12:00, whatever moment it was asked for."""
    fold: Billfold
    fold, _ = await simulated("harmont")
    now = datetime(2026, 11, day, 12, tzinfo=UTC)
    answers = await ask(fold, Period.month(2026, 11), accounts=["ci"], now=now)
    assert answers.before is not None
    assert str(answers.before.requested) == "2026-10-01T00:00:00Z..2026-10-20T12:00:00Z"


def test_names_from_outside_are_text_and_never_markup() -> None:
    evil = "<script>alert(1)</script>\"'"
    hostile = answer(
        charge("1.00 EUR", day=date(2026, 10, 1), account=evil, service=evil, sub_account_name=evil)
    )
    text = render_page(content(hostile), DECEMBER)
    assert "<script>alert" not in text
    assert text.count("<script>") == 1
    Outline(text)


def test_a_page_can_be_empty() -> None:
    text = render_page(content(answer(), partial=True), DECEMBER)
    assert "There is nothing to compare." in text
    assert '<p class="total" id="total">no total</p>' in text
    assert "By day" not in text
    assert "<script>" not in text
    Outline(text)


def test_a_month_that_was_idle_costs_nothing_in_its_currency_or_without_one() -> None:
    text = render_page(content(IDLE), DECEMBER)
    assert '<data value="0" title="0 EUR">0.00</data> <small>EUR</small>' in text
    Outline(text)
    text = render_page(content(IDLE, currency=None), DECEMBER)
    assert '<p class="total" id="total">nothing was charged</p>' in text
    assert "complete</span>" in text
    Outline(text)


def test_accounts_that_were_left_out_are_named() -> None:
    some = evolve(IDLE, accounts=("ci", "cloud"), left_out=("k8s", "metal"))
    text = render_page(content(some), DECEMBER)
    assert "complete - 2 of 4 accounts</span>" in text
    assert "<dt>Complete</dt><dd>ci, cloud</dd>" in text
    assert "<dt>Left out by a filter</dt><dd>k8s, metal</dd>" in text
    whole = render_page(content(IDLE), DECEMBER)
    assert ("Left out" in whole, "<dt>Incomplete" in whole) == (False, False)


def test_windows_that_differ_or_are_open_are_shown() -> None:
    cycle = Period.parse("2026-10-12..2026-11-12")
    rows = (IDLE.coverage[0], evolve(IDLE.coverage[1], covers=cycle))
    now = datetime(2026, 11, 1, tzinfo=UTC)
    text = render_page(content(evolve(IDLE, coverage=rows), now=now), now)
    assert (
        'Accounts cover different periods: <span class="nowrap">October 2026</span> (ci); '
        '<span class="nowrap">2026-10-12 to 2026-11-11</span>, so far (cloud).' in text
    )
    assert "Cloud costs <span>October 2026</span>" in text
    early = datetime(2026, 10, 20, tzinfo=UTC)
    assert "Cloud costs <span>October 2026, so far</span>" in render_page(
        content(IDLE, now=early), early
    )


def test_documents_that_ask_for_no_money_are_not_on_the_page() -> None:
    asked = legal("10.00 EUR", "11.90 EUR", date(2026, 11, 2), "RE-1")
    offer = legal("999.00 EUR", "999.00 EUR", date(2026, 11, 2), "AN-7", counts=False)
    shown = content(IDLE, invoices=(asked, offer))
    assert [invoice.number for invoice in shown.invoices] == ["RE-1"]
    assert "AN-7" not in render_page(shown, DECEMBER)


def test_an_invoice_is_paid_due_or_overdue_on_the_page() -> None:
    issued = date(2026, 11, 2)
    invoices = (
        legal("1.00 EUR", "1.19 EUR", issued, "RE-1", paid_on=date(2026, 11, 9), status="sent"),
        legal("1.00 EUR", "1.19 EUR", issued, "RE-2", due_on=date(2026, 11, 30)),
        legal("1.00 EUR", "1.19 EUR", issued, "RE-3", due_on=date(2026, 12, 1)),
    )
    text = render_page(content(IDLE, invoices=invoices), datetime(2026, 12, 1, tzinfo=UTC))
    assert "paid 2026-11-09" in text
    assert "overdue since 2026-11-30" in text
    assert "due 2026-12-01" in text


def test_what_was_not_compared_is_on_the_page() -> None:
    undated = legal("119.00 EUR", None, None, "RE-1")
    text = render_page(content(BOTH, invoices=(undated,)), DECEMBER)
    assert "comparisons agree" not in text
    assert '<span class="bad">2 could not be made</span>' in text  # nor for the usage of cloud
    assert "legal invoice RE-1 states no period that can be read" in text
    Outline(text)


def test_balances_are_totalled_per_kind() -> None:
    def balance(amount: str, kind: BalanceKind, scope: str) -> Balance:
        return Balance(money(amount), kind, scope, DECEMBER, provider="harmont", account="ci")

    balances = (
        balance("-400.00 USD", BalanceKind.CREDIT, "team"),
        balance("10.00 USD", BalanceKind.PREPAID, "a"),
        balance("3.32 USD", BalanceKind.PREPAID, "b"),
    )
    shown = content(IDLE, balances=balances)
    assert shown.balances == {
        "prepaid": {"USD": money("13.32 USD")},
        "credit": {"USD": money("-400.00 USD")},
    }
    text = render_page(shown, DECEMBER)
    assert "Kinds are never added to each other." in text
    assert "386.68" not in text


def prepaid(amount: str, read_at: datetime = DECEMBER, scope: str = "organization:acme") -> Balance:
    return Balance(
        money(amount), BalanceKind.PREPAID, scope, read_at, provider="harmont", account="ci"
    )


def with_hole(stream: Stream, items: tuple[Any, ...] = (), **row: Any) -> str:
    """Return the page of an idle month whose balances or invoices have a hole in one part."""
    refused = ForbiddenError("403 no", provider="harmont", account="ci", part="beta", status=403)
    holed = Coverage("ci", "harmont", stream, **{"detail": "403 no", "part": "beta"} | row)
    view = Answer(stream, None, items, (holed,), (refused,))
    answers = ReportAnswers(OCTOBER, evolve(views(IDLE), **{stream.value: view}), None)
    shown = build_content(answers, euros, currency="EUR", now=DECEMBER)
    return render_page(shown, DECEMBER)


def test_a_total_of_balances_over_a_hole_is_marked_and_the_hole_named() -> None:
    text = with_hole(Stream.BALANCES, (prepaid("10.00 USD"),), state=State.PARTIAL)
    assert "costs complete, balances incomplete</span>" in text
    assert "<dt>Costs complete</dt><dd>ci, cloud</dd>" in text
    assert "October 2026 (incomplete)</title>" in text
    section = text.partition('id="balances"')[2].partition("</section>")[0]
    assert '10.00</data> USD</span> <span class="bad">(incomplete)</span>.' in section
    assert "<li><b>ci beta</b> (harmont): 403 no</li>" in section
    assert '<li class="bad">ci <span class="soft">beta</span>: 403 no</li>' in text
    Outline(text)


@pytest.mark.parametrize("stream", [Stream.BALANCES, Stream.INVOICES])
@pytest.mark.parametrize("state", [State.FAILED, State.TIMED_OUT, State.UNAVAILABLE])
def test_balances_or_invoices_that_nobody_could_read_have_their_section(
    stream: Stream, state: State
) -> None:
    text = with_hole(stream, state=state)
    assert f"costs complete, {stream} incomplete</span>" in text
    section = text.partition(f'id="{stream}"')[2].partition("</section>")[0]
    assert "<li><b>ci beta</b> (harmont): 403 no</li>" in section
    assert "<table" not in section
    Outline(text)


def test_days_that_could_not_be_read_are_named_where_they_are_compared() -> None:
    text = with_hole(Stream.DAILY, state=State.FAILED)
    assert "costs complete, daily incomplete</span>" in text
    assert "Not everything could be read" in text
    ledger = with_hole(Stream.LEDGER, state=State.DIFFERENT_WINDOW, covers=OCTOBER)
    assert "</span> complete</span>" in ledger  # a store knows no more than was read into it


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ("2026-10..2026-11", "complete"),
        ("2026-11", "costs complete, invoices incomplete"),
        ("2026-09-15..2026-10-15", "costs complete, invoices incomplete"),
    ],
)
def test_invoices_of_a_store_are_whole_where_the_period_was_read(known: str, state: str) -> None:
    covers = Period.parse(known)
    text = with_hole(Stream.INVOICES, state=State.DIFFERENT_WINDOW, covers=covers)
    assert f"</span> {state}</span>" in text


def test_what_a_provider_does_not_offer_is_no_hole() -> None:
    text = render_page(content(IDLE), DECEMBER)
    assert "</span> complete</span>" in text
    assert ('id="balances"' in text, 'id="invoices"' in text) == (False, False)


def test_balances_say_when_they_were_read() -> None:
    earlier, later = (datetime(2026, 11, day, 3, 7, 59, tzinfo=UTC) for day in (10, 12))
    text = render_page(content(IDLE, balances=(prepaid("1.00 USD", earlier),)), DECEMBER)
    assert "Balances as read at 2026-11-10 03:07 UTC." in text
    both = (prepaid("1.00 USD", later), prepaid("2.00 USD", earlier, "organization:beta"))
    text = render_page(content(IDLE, balances=both), DECEMBER)
    assert "Balances as read at 2026-11-10 03:07 to 2026-11-12 03:07 UTC." in text


@pytest.mark.parametrize(
    ("amount", "words"), [("0.00", "used up"), ("-0.01", "overdrawn"), ("5.00", "unknown")]
)
def test_a_balance_without_an_end_says_why(amount: str, words: str) -> None:
    """The costs of ``IDLE`` are no one's who pays from it, and no day of them is known."""
    text = render_page(content(IDLE, balances=(prepaid(f"{amount} USD"),)), DECEMBER)
    assert f">{words}</span></td></tr>" in text


def test_balances_of_two_teams_of_one_name_are_told_apart() -> None:
    def credit(scope: str) -> Balance:
        return Balance(
            money("5.00 USD"), BalanceKind.CREDIT, scope, DECEMBER, "T", provider="l", account="m"
        )

    text = render_page(content(IDLE, balances=(credit("team:t1"), credit("team:t2"))), DECEMBER)
    assert "T (team:t1)" in text
    assert "T (team:t2)" in text


def test_the_moment_of_writing_is_utc_to_the_second() -> None:
    text = render_page(content(IDLE), datetime(2026, 12, 1, 10, 20, 30, 999, tzinfo=UTC))
    assert "Written by billfold at 2026-12-01T10:20:30Z." in text


def drawings(*specifications: Chart) -> list[str]:
    return [with_page_colours(svg) for svg in draw(specifications)]


def test_charts_use_colours_everybody_can_tell_apart_and_the_pages_ink() -> None:
    bars = [ChartBar("2026-10-01", "a", "1.5"), ChartBar("2026-10-02", "b", "-0.5")]
    style = Style(["a", "b"], "EUR")
    for drawn in drawings(
        *(day_chart(bars, style, canvas) for canvas in (WIDE, NARROW)),
        *(ranked_chart(bars, "cost", style, canvas) for canvas in (WIDE, NARROW)),
    ):
        assert drawn.startswith("<svg")
        assert PALETTE[0] in drawn
        assert PALETTE[1] in drawn
        assert "currentColor" in drawn
        assert "#010101" not in drawn
        assert "<image" not in drawn


STYLE = Style(["a"], "EUR")


def test_days_of_several_months_say_which() -> None:
    days = [ChartBar("2026-10-31", "a", "1"), ChartBar("2026-11-01", "a", "1")]
    several, one = drawings(day_chart(days, STYLE), day_chart(days[:1], STYLE))
    assert ">10-31<" in several
    assert ">11-01<" in several
    cut = [ChartBar("2026-10-01", "a", "1"), ChartBar("2026-10-03", "a", "1")]
    assert day_chart(cut, STYLE)["encoding"]["x"]["scale"]["domain"] == [
        "2026-10-01",
        "2026-10-02",
        "2026-10-03",
    ]
    assert ">31<" in one


@pytest.mark.parametrize("package", ["jinja2", "vl_convert"])
def test_without_its_extra_the_report_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigError, match=r'pip install .*"jinja2>=.*"vl-convert-python>='):
        render_page(content(answer(charge("1.00 EUR", day=date(2026, 10, 1)))), DECEMBER)


# SIGABRT in vl-convert, a UnicodeEncodeError, or no HTML, one by one.
ODD = ("\x00", "\x08", "\x1b", "\x1f", "\ufffe", "\uffff", "\ud800", "\udfff")


def test_characters_that_xml_does_not_allow_reach_neither_charts_nor_page() -> None:
    costs = (
        charge("1.00 EUR", service=f"x{char}", description=char, day=date(2026, 10, 1))
        for char in ODD
    )
    text = render_page(content(answer(*costs)), DECEMBER)
    assert text.count("<svg") == 4  # days and services, each for a screen and for a phone
    assert not any(char in text for char in ODD)
    assert ">x\N{REPLACEMENT CHARACTER}</td>" in text
    text.encode()


def test_services_of_long_and_equal_names_are_drawn_one_by_one() -> None:
    names = [f"{'x' * 200_000}{end}" for end in "ab"]
    costs = (charge("1.00 EUR", service=name, day=date(2026, 10, 1)) for name in names)
    text = render_page(content(answer(*costs)), DECEMBER)
    assert ("x\N{HORIZONTAL ELLIPSIS} (harmont) #1" in text, "(harmont) #2" in text) == (True, True)
