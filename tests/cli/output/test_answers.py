"""Whole pages at 80 columns, as people see them: ``*.txt`` beside this file."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from billfold import (
    Answer,
    Balance,
    BalanceKind,
    Category,
    Charge,
    Check,
    Coverage,
    CredentialsError,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    LedgerEntry,
    Money,
    PaymentMethod,
    Period,
    RateLimitedError,
    State,
    Stream,
    Subscription,
    Usage,
)
from billfold.cli.clock import going_by
from billfold.cli.options import OutputFormat
from billfold.cli.output.answers import answer_table, write_answer
from billfold.cli.output.details import charges_table, lines_table, services_table
from billfold.cli.output.terminal import print_stdout
from billfold.cli.run import exit_code

OCTOBER = Period.month(2026, 10)


NOVEMBER_2 = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def money(text: str) -> Money:
    amount, currency = text.split()
    return Money(Decimal(amount), currency)


def covered(
    stream: Stream,
    account: str,
    provider: str,
    state: State = State.COMPLETE,
    detail: str | None = None,
) -> Coverage:
    covers = OCTOBER if state in (State.COMPLETE, State.PARTIAL) else None
    return Coverage(account, provider, stream, state, covers, detail)


def charge(provider: str, account: str, service: str, cost: str | None, **more: Any) -> Charge:
    paid = None if cost is None else money(cost)
    return Charge(
        f"{service}/{cost}/{len(more)}",
        Category.USAGE,
        OCTOBER,
        service,
        paid,
        **more,
        provider=provider,
        account=account,
    )


def usage() -> Answer[Usage]:
    ci = (
        charge(
            "harmont",
            "ci",
            "CI",
            "12.345 USD",
            description="build image",
            quantity=Decimal("905"),
            unit="second",
        ),
        charge("harmont", "ci", "CI", "0.004 USD", resource_id="vm-4821", derived=True),
    )
    web = (
        charge(
            "bnerd",
            "cloud",
            "Compute M",
            "1234.50 EUR",
            sub_account_id="p-1",
            sub_account_name="webshop",
        ),
        charge(
            "bnerd",
            "cloud",
            "Floating IP",
            None,
            sub_account_id="p-1",
            reason="the product has no price",
        ),
        charge("bnerd", "cloud", "Volume", None, sub_account_id="p-1", included_in="Compute M"),
        charge("bnerd", "cloud", "Start-up credit", "-18.60 EUR", sub_account_id="p-1"),
    )
    checks = (
        Check("summary = builds", money("13.049 USD"), money("12.349 USD"), "rate change"),
        Check("days = month", money("12.3491 USD"), money("12.349 USD")),
        Check("days = month", money("12.3490 USD"), money("12.3492 USD")),
        Check("invoice total vs. its lines", money("12.349 USD"), money("12.349 USD")),
    )
    refused = CredentialsError(
        "401 the token has expired; check the token",
        provider="latitude",
        account="metal",
        status=401,
    )
    later = datetime(2026, 11, 3, tzinfo=UTC)
    waits = RateLimitedError(
        "429 slow down",
        provider="aether",
        account="k8s",
        retry_at=later,
        code="RATE",
        request_id="r-7",
    )
    return Answer(
        Stream.USAGE,
        OCTOBER,
        (
            Usage(
                OCTOBER,
                OCTOBER,
                ci,
                billing_account_id="tidewater-labs",
                checks=checks,
                provider="harmont",
                account="ci",
            ),
            Usage(
                OCTOBER,
                OCTOBER,
                web,
                sub_account_id="p-1",
                sub_account_name="webshop",
                provider="bnerd",
                account="cloud",
            ),
            Usage(
                OCTOBER,
                OCTOBER,
                (),
                sub_account_id="p-2",
                sub_account_name="a project whose name is long",
                provider="bnerd",
                account="cloud",
            ),
        ),
        (
            covered(Stream.USAGE, "ci", "harmont"),
            covered(Stream.USAGE, "cloud", "bnerd", State.PARTIAL, "1 without a stated amount"),
            covered(Stream.USAGE, "metal", "latitude", State.FAILED, refused.message),
            covered(Stream.USAGE, "k8s", "aether", State.FAILED, waits.message),
        ),
        (refused, waits),
    )


def balances() -> Answer[Balance]:
    return Answer(
        Stream.BALANCES,
        None,
        (
            Balance(
                money("67.52 USD"),
                BalanceKind.PREPAID,
                "organization:acme",
                NOVEMBER_2,
                "acme",
                provider="harmont",
                account="ci",
            ),
            Balance(
                money("-3 USD"),
                BalanceKind.PREPAID,
                "organization:acme-labs",
                NOVEMBER_2,
                provider="harmont",
                account="ci",
            ),
            Balance(
                money("250 BRL"),
                BalanceKind.CREDIT,
                "team:1",
                NOVEMBER_2,
                "Copper Works",
                provider="latitude",
                account="metal",
            ),
        ),
        (
            covered(Stream.BALANCES, "ci", "harmont"),
            covered(Stream.BALANCES, "metal", "latitude"),
            covered(
                Stream.BALANCES,
                "cloud",
                "bnerd",
                State.UNSUPPORTED,
                "not offered by the provider",
            ),
        ),
    )


def invoices() -> Answer[Invoice]:
    lines = (
        InvoiceLine(
            "1",
            money("83.03 EUR"),
            product_name="Compute M",
            quantity=Decimal(2178),
            unit="hour",
            unit_price=money("0.038125 EUR"),
            sub_account_name="webshop",
        ),
        InvoiceLine("2", None, description="Support", reason="not on the page"),
    )
    metering = "64e54085-0ee2-529a-bf4b-aca67b6397fa"
    return Answer(
        Stream.INVOICES,
        None,
        (
            Invoice(
                metering,
                InvoiceKind.METERING,
                money("352.3757 EUR"),
                period=OCTOBER,
                lines=lines,
                provider="bnerd",
                account="cloud",
            ),
            Invoice(
                "71811161",
                InvoiceKind.LEGAL,
                money("419.33 EUR"),
                number="RE-26-3061",
                status="OPEN",
                issued_on=date(2026, 11, 2),
                due_on=date(2026, 11, 16),
                provider="bnerd",
                account="cloud",
            ),
            Invoice(
                "71811162",
                InvoiceKind.LEGAL,
                None,
                number="RE-26-3062",
                reason="the total has no currency",
                provider="bnerd",
                account="cloud",
            ),
            Invoice(
                "71811163",
                InvoiceKind.LEGAL,
                money("99 EUR"),
                number="AN-26-0007",
                type="OFFER",
                status="DONE",
                issued_on=date(2026, 10, 5),
                provider="bnerd",
                account="cloud",
                counts=False,
            ),
        ),
        (covered(Stream.INVOICES, "cloud", "bnerd", State.PARTIAL, "1 without a stated amount"),),
    )


def ledger() -> Answer[LedgerEntry]:
    return Answer(
        Stream.LEDGER,
        None,
        (
            LedgerEntry(
                "a",
                NOVEMBER_2,
                money("-1.39 USD"),
                "vm_lease_debit",
                "VM lease debit",
                provider="harmont",
                account="ci",
            ),
            LedgerEntry(
                "b", NOVEMBER_2, money("20 USD"), "stripe_topup", provider="harmont", account="ci"
            ),
        ),
        (covered(Stream.LEDGER, "ci", "harmont"),),
    )


def subscriptions() -> Answer[Subscription]:
    project = "3a7e6ea6-5633-54f8-b5d0-081a998027a7"
    return Answer(
        Stream.SUBSCRIPTIONS,
        None,
        (
            Subscription(
                "1",
                kind="node_pool",
                name="general-fixed",
                price=money("263.44 EUR"),
                provider="aether",
                account="k8s",
            ),
            Subscription(
                "2",
                product_id="4b2c519b-303d-56bb-ba6a-6a3be227c628",
                sub_account_id=project,
                start=NOVEMBER_2,
                end=datetime(2026, 12, 1, tzinfo=UTC),
                provider="bnerd",
                account="cloud",
            ),
        ),
        (
            covered(Stream.SUBSCRIPTIONS, "k8s", "aether"),
            covered(Stream.SUBSCRIPTIONS, "cloud", "bnerd", State.TIMED_OUT),
        ),
    )


def payment_methods() -> Answer[PaymentMethod]:
    return Answer(
        Stream.PAYMENT_METHODS,
        None,
        (
            PaymentMethod(
                "pm_1",
                "card",
                True,
                brand="visa",
                last4="4242",
                exp_month=4,
                exp_year=2031,
                provider="bnerd",
                account="cloud",
            ),
            PaymentMethod(
                "pm_2",
                "sepa_debit",
                False,
                iban="DE89370400440532013000",
                provider="bnerd",
                account="cloud",
            ),
            PaymentMethod("pm_3", "link", False, provider="bnerd", account="cloud"),
        ),
        (covered(Stream.PAYMENT_METHODS, "cloud", "bnerd"),),
    )


PAGES: dict[str, tuple[Callable[[], Answer[Any]], int, list[Any]]] = {
    "usage": (usage, 3, [services_table]),
    "lines": (usage, 3, [charges_table]),
    "balances": (balances, 0, []),
    "invoices": (invoices, 3, [lines_table]),
    "ledger": (ledger, 0, []),
    "subscriptions": (subscriptions, 3, []),
    "payment-methods": (payment_methods, 0, []),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_as_its_file_says(page, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer, code, more = PAGES[page]
    with going_by(lambda: NOVEMBER_2):
        write_answer(answer(), OutputFormat.TABLE, *more)
    assert exit_code(answer()) == code
    shown = capsys.readouterr().out
    assert shown == (Path(__file__).parent / f"{page}.txt").read_text("utf-8")


def test_what_a_pipe_gets_is_not_wrapped(capsys, monkeypatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    write_answer(usage(), OutputFormat.TABLE)
    shown = capsys.readouterr().out
    assert "a project whose name is long" in shown
    assert (
        "summary = builds: 13.049 USD stated, 12.349 USD computed, gap 0.700 USD (rate change)"
        in shown
    )


def test_what_is_left_out_is_counted_and_still_in_the_total(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    print_stdout(*answer_table(ledger(), most=1))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[3:]] == [
        ["and", "1", "more"],
        ["─" * len(lines[1])],
        ["Total", "18.61", "USD"],
    ]
