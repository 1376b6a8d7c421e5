"""Two accounts of Latitude.sh that reach one team or one project: its money counts once."""

import json
from pathlib import Path
from typing import Any

import pytest

from billfold import Account, Billfold, History, Money, Period, RetryPolicy, Secret, State, Stream
from billfold.store.sync import questions, sync
from billfold_latitude import Latitude
from support.mocked import Mocked
from support.world import NOW

BASE = "https://api.latitude.sh"
CYCLE = {"start": "2026-11-05T16:00:00Z", "end": "2026-12-05T16:00:00Z"}
KEY, OTHER_KEY = "a-key-of-latitude-0001", "a-key-of-latitude-0002"
USD = {"code": "USD"}


def project(ident: str, team: str | None = None, currency: object = USD) -> dict[str, Any]:
    return {"id": ident, "attributes": {"team": {"id": team, "currency": currency}}}


def answer_project(mocked: Mocked, row: dict[str, Any], **stated: object) -> None:
    """Let a project be read by its id, with a bill over 1.00."""
    ident = row["id"]
    line = {"id": f"si_{ident}", "name": "c2", "price": 100, "start": CYCLE["start"]}
    bill = {"project": {"id": ident}, "period": CYCLE, "price": 100, "products": [line], **stated}
    reply = json.dumps({"data": {"attributes": bill}})
    mocked.get(f"{BASE}/billing/usage?filter[project]={ident}", body=reply, repeat=True)
    mocked.get(f"{BASE}/projects/{ident}", payload={"data": row})


def fold_of(*accounts: tuple[str, str, Latitude]) -> Billfold:
    made = [
        Account(name, adapter, Secret(key), requests_per_minute=100_000)
        for name, key, adapter in accounts
    ]
    return Billfold(made, clock=lambda: NOW, retry=RetryPolicy(attempts=1))


def told(answer: Any) -> list[tuple[str, State, str | None]]:
    return [(row.account, row.state, row.detail) for row in answer.coverage]


@pytest.mark.parametrize(
    ("second", "state", "more"),
    [
        (500, State.COMPLETE, ""),
        (900, State.PARTIAL, "; account a states 5.00 USD of team, not 9.00 USD"),
    ],
)
async def test_the_credit_of_a_keys_unnamed_team_counts_once_over_its_accounts(
    mocked: Mocked, second: int, state: State, more: str
) -> None:
    """One key is of one team, whose credit of 5.00 each of its projects states."""
    mocked.get(f"{BASE}/team", payload={"data": []}, repeat=True)
    answer_project(mocked, project("proj_1"), available_credit_balance=500)
    answer_project(mocked, project("proj_2"), available_credit_balance=second)
    first, other = Latitude(projects=("proj_1",)), Latitude(projects=("proj_2",))
    async with fold_of(("a", KEY, first), ("b", KEY, other)) as fold:
        answer = await fold.balances()
    assert [str(balance.amount) for balance in answer] == ["5.00 USD"]
    counted = f"what it reaches is already counted in account a{more}"
    assert told(answer) == [("a", State.COMPLETE, None), ("b", state, counted)]


async def test_unnamed_teams_of_two_keys_both_count(mocked: Mocked, tmp_path: Path) -> None:
    """So they do once they are stored: whose key they were read with is not kept."""
    mocked.get(f"{BASE}/team", payload={"data": []}, repeat=True)
    for ident in ("proj_1", "proj_2") * 2:  # asked for twice
        answer_project(mocked, project(ident), available_credit_balance=500)
    first, other = Latitude(projects=("proj_1",)), Latitude(projects=("proj_2",))
    folder = tmp_path / "store"
    async with (
        fold_of(("a", KEY, first), ("b", OTHER_KEY, other)) as fold,
        History(folder) as history,
    ):
        answer = await fold.balances()
        asked = questions(fold.accounts, None, (Stream.BALANCES,), NOW)
        assert [each async for each in sync(fold, history.book, asked, clock=lambda: NOW)]
    async with History(folder, clock=lambda: NOW) as history:
        stored = await history.balances()
    assert [str(balance.amount) for balance in answer] == ["5.00 USD", "5.00 USD"]
    assert [str(balance.amount) for balance in stored] == ["5.00 USD", "5.00 USD"]
    assert told(answer) == [("a", State.COMPLETE, None), ("b", State.COMPLETE, None)]


async def test_a_key_is_of_one_team_though_only_one_project_names_it(mocked: Mocked) -> None:
    """Credits of 5.00 and 7.00 of one key are of one team, which has one."""
    mocked.get(f"{BASE}/team", payload={"data": []}, repeat=True)
    answer_project(mocked, project("proj_1", "team_A"), available_credit_balance=500)
    answer_project(mocked, project("proj_2"), available_credit_balance=700)
    first, other = Latitude(projects=("proj_1",)), Latitude(projects=("proj_2",))
    async with fold_of(("a", KEY, first), ("b", KEY, other)) as fold:
        answer = await fold.balances()
    assert [str(balance.amount) for balance in answer] == ["5.00 USD", "7.00 USD"]
    assert [row.state for row in answer.coverage] == [State.PARTIAL, State.PARTIAL]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("keys", [(KEY, KEY), (KEY, OTHER_KEY)])
async def test_a_line_of_one_item_in_two_accounts_projects_is_a_hole_in_both(
    mocked: Mocked, keys: tuple[str, str], named: bool
) -> None:
    """Both state the line of 1.00; a server that ignores the filter names no project."""
    line = {"id": "si_1", "name": "c2", "price": 100, "start": CYCLE["start"]}
    for ident in ("proj_1", "proj_2"):
        of = {"id": ident} if named else None
        answer_project(mocked, project(ident, "team_A"), products=[line], project=of)
    first, other = Latitude(projects=("proj_1",)), Latitude(projects=("proj_2",))
    async with fold_of(("a", keys[0], first), ("b", keys[1], other)) as fold:
        answer = await fold.usage()
    assert answer.totals(partial=True) == {"USD": Money.parse("2.00 USD")}
    words = "line si_1/c2@2026-11-05T16:00:00Z counts in account {}, too, as another project's"
    assert told(answer) == [
        ("a", State.PARTIAL, words.format("b")),
        ("b", State.PARTIAL, words.format("a")),
    ]


@pytest.mark.parametrize("type_of_usage", ["metered", "another", None])
async def test_a_metered_line_that_counts_up_between_two_accounts_is_a_hole_in_both(
    mocked: Mocked, type_of_usage: str | None
) -> None:
    """The line of 1.00 costs 1.10 by the time that the second account reads it."""
    for ident, price in (("proj_1", 100), ("proj_2", 110)):
        line = {"id": "si_1", "name": "c2", "price": price, "usage_type": type_of_usage}
        line["start"] = CYCLE["start"]
        answer_project(mocked, project(ident, "team_A"), products=[line], price=price)
    first, other = Latitude(projects=("proj_1",)), Latitude(projects=("proj_2",))
    async with fold_of(("a", KEY, first), ("b", OTHER_KEY, other)) as fold:
        answer = await fold.usage()
    assert answer.totals(partial=True) == {"USD": Money.parse("2.10 USD")}
    words = "line si_1/c2@2026-11-05T16:00:00Z counts in account {}, too, as another project's"
    assert told(answer) == [
        ("a", State.PARTIAL, words.format("b")),
        ("b", State.PARTIAL, words.format("a")),
    ]


@pytest.mark.parametrize(
    "second",
    [
        {"id": "si_2", "name": "c2", "price": 100},  # another item
        {"id": "si_1", "name": "c2", "price": 90},  # another cost, which a licensed line keeps
        {"id": "si_1", "name": "c2", "price": 0},
        {"name": "c2", "price": 100},  # of no item, as two projects may have
    ],
)
async def test_lines_of_two_accounts_projects_that_are_not_one_are_complete(
    mocked: Mocked, second: dict[str, Any]
) -> None:
    line = {"id": "si_1" if "id" in second else None, "name": "c2", "price": 100}
    if second["price"] == 90:
        line["usage_type"] = second["usage_type"] = "licensed"
    if second["price"] == 0:
        line["price"] = 0
    for ident, row in (("proj_1", line), ("proj_2", second)):
        price = row["price"]
        answer_project(mocked, project(ident, "team_A"), products=[row], price=price)
    first, other = Latitude(projects=("proj_1",)), Latitude(projects=("proj_2",))
    async with fold_of(("a", KEY, first), ("b", KEY, other)) as fold:
        answer = await fold.usage()
    assert told(answer) == [("a", State.COMPLETE, None), ("b", State.COMPLETE, None)]


@pytest.mark.parametrize("currency", ["USD", "BRL"])
async def test_a_project_that_two_teams_list_counts_once_and_names_both(
    mocked: Mocked, currency: str
) -> None:
    """A project's bill of 1.00 is one bill, whichever team it is said to be of."""
    answer_project(mocked, project("proj_1", "team_A"))
    row = project("proj_1", "team_B", {"code": currency})
    mocked.get(f"{BASE}/projects/proj_1", payload={"data": row})
    one = Latitude(projects=("proj_1",))
    async with fold_of(("a", KEY, one), ("b", OTHER_KEY, one)) as fold:
        answer = await fold.usage()
    assert answer.totals(partial=True) == {"USD": Money.parse("1.00 USD")}
    assert not answer.complete
    ((_, first, _), (_, second, detail)) = told(answer)
    assert (first, second) == (State.COMPLETE, State.PARTIAL)
    assert "proj_1 is already counted in account a" in str(detail)
    assert "proj_1 is team_B's here, and another payer's in account a" in str(detail)
    assert ("account a states 1.00 USD of proj_1" in str(detail)) is (currency == "BRL")


async def test_projects_of_two_teams_both_count(mocked: Mocked) -> None:
    answer_project(mocked, project("proj_1", "team_A"))
    answer_project(mocked, project("proj_2", "team_B"))
    first, other = Latitude(projects=("proj_1",)), Latitude(projects=("proj_2",))
    async with fold_of(("a", KEY, first), ("b", OTHER_KEY, other)) as fold:
        answer = await fold.usage(Period.parse("2026-11-05T16:00Z..2026-12-05T16:00Z"))
    assert answer.totals() == {"USD": Money.parse("2.00 USD")}
