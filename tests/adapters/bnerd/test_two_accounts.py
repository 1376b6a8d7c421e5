"""Two organizations of b'nerd's by one token: a server that ignores which is asked repeats itself."""

from typing import Any

import pytest

from billfold import Account, Billfold, InvoiceKind, Period, RetryPolicy, Secret, State
from billfold_bnerd import Bnerd
from support.mocked import Mocked
from support.world import NOW

BASE = "https://api.bnerd.cloud"
FIRST, SECOND = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4", "11111111-5f42-4c96-9a18-7bd3f60c25e4"
PROJECT, OTHER = "f17a05d3-926e-4b4c-8de0-5c39b82f61a4", "a17a05d3-926e-4b4c-8de0-5c39b82f61a4"
ROW, OTHER_ROW = "0d5f7c9a-6b1e-48e2-8fa4-71c3e2b096d8", "95a1b7e4-c82d-4063-b7fe-2d0f68a39c51"
PRODUCT = "6ec3d218-07bf-4f95-a3d1-98e0b54c7a2d"
OCTOBER = Period.month(2026, 10)


def eur(cents: int) -> dict[str, Any]:
    return {"cents": cents, "currency_iso": "EUR"}


def both() -> Billfold:
    accounts = [
        Account(name, Bnerd(org=org), Secret("bnerd_tok_0001"), requests_per_minute=100_000)
        for name, org in (("a", FIRST), ("b", SECOND))
    ]
    return Billfold(accounts, clock=lambda: NOW, retry=RetryPolicy(attempts=1))


def told(answer: Any) -> list[tuple[str, State, str | None]]:
    return [(row.account, row.state, row.detail) for row in answer.coverage]


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({"project_id": PROJECT}, {"project_id": PROJECT.upper()}, "project {}"),
        ({"project_id": None, "id": ROW}, {"project_id": None, "id": ROW}, "row {}"),
        ({"project_id": PROJECT}, {"project_id": OTHER}, None),
        ({"id": ROW}, {"id": OTHER_ROW}, None),
        ({"project_id": "web"}, {"project_id": "web"}, None),  # a name is no project's own
        ({"subscription_id": ROW}, {"subscription_id": OTHER_ROW}, None),
    ],
)
async def test_a_project_or_row_that_two_organizations_are_told_is_a_hole_in_both(
    mocked: Mocked, first: dict[str, Any], second: dict[str, Any], words: str | None
) -> None:
    window = "from=2026-10-01T00:00:00Z&to=2026-10-31T23:59:59Z"
    for org, stated in ((FIRST, first), (SECOND, second)):
        row = {"product_id": PRODUCT, "total": eur(100), **stated}
        mocked.get(f"{BASE}/billing/usage?organization_id={org}&{window}", payload=[row])
    async with both() as fold:
        answer = await fold.usage(OCTOBER)
    # 1.00 of each, if they are two; 1.00 in all, if the server went by the token.
    assert str(answer.totals(partial=True)["EUR"]) == "2.00 EUR"
    state = State.COMPLETE if words is None else State.PARTIAL
    assert [each for _, each, _ in told(answer)] == [state, state]
    if words is not None:
        ident = str(first.get("id") or first["project_id"])
        for (_, _, detail), other in zip(told(answer), "ba", strict=True):
            said = f"{words.format(ident)} counts in account {other}, too, as another payer's"
            assert said.casefold() in (detail or "").casefold()


@pytest.mark.parametrize(("other", "is_hole"), [("m-1", True), ("m-2", False), (None, False)])
async def test_an_invoice_that_two_organizations_are_told_is_a_hole_in_both(
    mocked: Mocked, other: str | None, is_hole: bool
) -> None:
    for org, ident in ((FIRST, other and "m-1"), (SECOND, other)):
        bill = {
            "id": ident,
            "period": "2026-10",
            "total": eur(1000),
            "items": [{"total": eur(1000)}],
        }
        mocked.get(f"{BASE}/invoices?organization_id={org}", payload=[bill])
    async with both() as fold:
        answer = await fold.invoices(OCTOBER, InvoiceKind.METERING)
    assert str(answer.totals(partial=True)["metering"]["EUR"]) == "20.00 EUR"
    details = [detail or "" for _, _, detail in told(answer)]
    words = [f"invoice m-1 counts in account {each}, too, as another payer's" for each in "ba"]
    assert [each in detail for each, detail in zip(words, details, strict=True)] == [is_hole] * 2
    assert answer.complete is not is_hole
