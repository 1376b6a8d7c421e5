"""One project of a team that is odd: it is named, and what the others state stands."""

import json
from datetime import UTC, datetime

import pytest

from billfold import DriftError, NotFoundError, Period, State
from support.mocked import Mocked
from support.replies import reply

BASE = "https://api.latitude.sh"
NOVEMBER = {"start": "2026-11-05T16:03:27Z", "end": "2026-12-05T16:03:27Z"}
CYCLE = Period.parse("2026-11-05T16:03:27Z..2026-12-05T16:03:27Z")
NAMES = {"p1": "Brisk Meadow", "p2": "Dim Valley", "p3": "Loud Harbor"}


def teamed(mocked: Mocked, *ids: str, team: str = "team_A") -> None:
    """Let these be a team's projects."""
    currency = {"id": team, "name": "Copper Works", "currency": {"code": "USD"}}
    rows = [
        {"id": each, "attributes": {"name": NAMES.get(each, each), "team": currency}}
        for each in ids
    ]
    body = {"data": rows, "meta": {"stats": {"total": {"count": len(ids)}}}}
    mocked.get(
        f"{BASE}/projects?page[size]=100&page[number]=1&stats[total]=count",
        body=json.dumps(body).encode(),
        repeat=True,
    )


def bills(mocked: Mocked, ident: str, body: object = None, **attributes: object) -> None:
    """Let a project's billing be this cycle, or a body."""
    stated = {"period": NOVEMBER, "price": 100, "available_credit_balance": -500, **attributes}
    whole = {"data": {"attributes": stated}} if body is None else body
    url = f"{BASE}/billing/usage?filter[project]={ident}"
    mocked.get(url, body=json.dumps(whole).encode(), repeat=True)


# Credit


async def test_projects_that_state_different_credits_are_a_hole_that_names_both(
    mocked: Mocked, fold_of
) -> None:
    teamed(mocked, "p1", "p2", "p3")
    bills(mocked, "p1", available_credit_balance=-41875)
    bills(mocked, "p2", available_credit_balance=-41875.0)
    bills(mocked, "p3", available_credit_balance=-41800)
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert [str(balance.amount) for balance in answer] == ["-418.75 USD"]
    assert [(row.state, row.part, row.detail) for row in answer.coverage] == [
        (
            State.PARTIAL,
            "team_A",
            'team Copper Works: project p1 "Brisk Meadow" states a credit of -418.75 USD, '
            'project p3 "Loud Harbor" one of -418.00 USD; the first is shown',
        )
    ]


async def test_a_credit_of_a_team_without_a_name_may_be_that_of_another(
    mocked: Mocked, fold_of
) -> None:
    """Two projects state 5.00, and one of them does not say of which team: it is 5.00 or 10.00."""
    rows = [
        {"id": each, "attributes": {"team": {"id": team, "currency": {"code": "USD"}}}}
        for each, team in (("p1", "team_A"), ("p2", None))
    ]
    body = {"data": rows, "meta": {"stats": {"total": {"count": 2}}}}
    mocked.get(
        f"{BASE}/projects?page[size]=100&page[number]=1&stats[total]=count",
        body=json.dumps(body).encode(),
    )
    mocked.get(f"{BASE}/team", payload={"data": []})
    bills(mocked, "p1", available_credit_balance=500)
    bills(mocked, "p2", available_credit_balance=500)
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert [str(balance.amount) for balance in answer] == ["5.00 USD", "5.00 USD"]
    words = "project p2 names no team: its credit of 5.00 USD may be another one's, and both count"
    assert [(row.state, row.detail) for row in answer.coverage] == [(State.PARTIAL, words)]


async def test_a_second_credit_is_told_once_however_many_projects_state_it(
    mocked: Mocked, fold_of
) -> None:
    ids = [f"p{number}" for number in range(10, 40)]
    teamed(mocked, *ids)
    for number, each in enumerate(ids):
        bills(mocked, each, available_credit_balance=100 if number < 10 else 200)
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    (row,) = answer.coverage
    assert [str(balance.amount) for balance in answer] == ["1.00 USD"]
    assert str(row.detail).count("states a credit") == 1
    assert 'project p10 "p10" states a credit of 1.00 USD, project p20 "p20" one of 2.00' in str(
        row.detail
    )
    assert sum("/billing/usage" in url for _, url in mocked.sent()) == 30


async def test_a_credit_stands_where_another_projects_billing_fails(
    mocked: Mocked, fold_of
) -> None:
    teamed(mocked, "p1", "p2")
    mocked.get(
        f"{BASE}/billing/usage?filter[project]=p1",
        status=404,
        body=reply("latitude", "error_not_found_lower_case_code"),
    )
    bills(mocked, "p2", available_credit_balance=640)
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert [str(balance.amount) for balance in answer] == ["6.40 USD"]
    (failure,) = answer.failures
    assert (type(failure), failure.part) == (NotFoundError, "p1")
    assert failure.message == '404 No record matches. (project p1 "Brisk Meadow")'


@pytest.mark.parametrize("odd", [{"products": "x"}, {"period": {}}, {"price": "7,5"}])
async def test_a_bill_that_cannot_be_read_leaves_the_credit(
    mocked: Mocked, fold_of, odd: dict[str, object]
) -> None:
    teamed(mocked, "p1")
    bills(mocked, "p1", **odd)
    async with fold_of("latitude") as fold:
        balances, usage = await fold.balances(), await fold.usage()
    assert [str(balance.amount) for balance in balances] == ["-5.00 USD"]
    assert balances.complete
    assert [failure.part for failure in usage.failures] == ["p1"]


@pytest.mark.parametrize("odd", ["7,5", "1_0", [], {"cents": 5}, True])
async def test_a_credit_that_cannot_be_read_leaves_the_bill(
    mocked: Mocked, fold_of, odd: object
) -> None:
    teamed(mocked, "p1")
    bills(mocked, "p1", available_credit_balance=odd)
    async with fold_of("latitude") as fold:
        balances, usage = await fold.balances(), await fold.usage()
    assert (str(usage.totals()["USD"]), usage.complete) == ("1.00 USD", True)
    (failure,) = balances.failures
    assert (type(failure), failure.part) == (DriftError, "p1")
    assert failure.message.endswith(
        '- at `$.data.attributes.available_credit_balance` (project p1 "Brisk Meadow")'
    )


# Cycles


async def test_an_unusable_cycle_fails_by_its_name_and_the_others_stay(
    mocked: Mocked, fold_of
) -> None:
    teamed(mocked, "p1", "p2")
    bills(mocked, "p1", price=500)
    bills(mocked, "p2", price=1, period={})
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["USD"]) == "5.00 USD"
    (failure,) = answer.failures
    assert (type(failure), failure.part) == (DriftError, "p2")
    assert failure.message == (
        "something is billed, but the cycle has no start or end "
        '- at `$.data.attributes.period` (project p2 "Dim Valley")'
    )
    assert [(row.state, row.part) for row in answer.coverage] == [(State.PARTIAL, "p2")]


@pytest.mark.parametrize("period", [None, {}, {"start": None, "end": None}])
@pytest.mark.parametrize("money", [{"amount": 0}, {"price": 0}, {"price": 0.0, "products": []}])
async def test_a_project_that_was_never_used_is_no_hole_and_is_named(
    mocked: Mocked, fold_of, period: object, money: dict[str, object]
) -> None:
    teamed(mocked, "p1", "p2")
    bills(mocked, "p1", price=500)
    bills(mocked, "p2", {"data": {"attributes": {"period": period, **money}}})
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert (str(answer.totals()["USD"]), len(answer)) == ("5.00 USD", 1)
    assert [row.detail for row in answer.coverage] == [
        'p2: project "Dim Valley" has no billing cycle, and nothing is billed for it'
    ]


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"period": None, "price": None, "amount": None, "products": None},
        {"available_credit_balance": 5000},
        {"period": None, "total_price": 500},
        {"period": None, "products": [], "total_price": 500},
    ],
)
async def test_a_project_that_states_nothing_is_a_hole_and_no_project_that_was_never_used(
    mocked: Mocked, fold_of, attributes: dict[str, object]
) -> None:
    teamed(mocked, "p1", "p2")
    bills(mocked, "p1", price=500)
    bills(mocked, "p2", {"data": {"attributes": attributes}})
    async with fold_of("latitude") as fold:
        answer, past = await fold.usage(), await fold.usage(Period.month(2020, 1))
    assert str(answer.totals(partial=True)["USD"]) == "5.00 USD"
    (row,) = answer.coverage
    assert row.state is State.PARTIAL
    assert 'project "Dim Valley": neither a price nor lines are stated' in str(row.detail)
    assert State.COMPLETE not in {row.state for row in past.coverage}


@pytest.mark.parametrize(
    "money",
    [{"price": 1}, {"amount": 0.01}, {"products": [{"price": 0}]}, {"price": -3, "amount": None}],
)
async def test_money_without_a_cycle_is_never_passed_over(
    mocked: Mocked, fold_of, money: dict[str, object]
) -> None:
    teamed(mocked, "p1")
    bills(mocked, "p1", {"data": {"attributes": {"period": None, **money}}})
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [(type(failure), failure.part) for failure in answer.failures] == [(DriftError, "p1")]


@pytest.mark.parametrize(
    ("product", "path"),
    [
        ({"price": "7,5"}, "products[1].price"),
        ({"amount": []}, "products[1].amount"),
        ({"price": {"cents": 1}}, "products[1].price"),
        (None, "products[1]"),
        ("x", "products[1]"),
    ],
)
async def test_a_line_without_a_readable_amount_fails_its_project_by_the_path(
    mocked: Mocked, fold_of, product: object, path: str
) -> None:
    teamed(mocked, "p1", "p2")
    bills(mocked, "p1", price=500)
    bills(mocked, "p2", products=[{"price": 100}, product])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    (failure,) = answer.failures
    assert failure.part == "p2"
    assert failure.message.endswith(f'at `$.data.attributes.{path}` (project p2 "Dim Valley")')
    assert str(answer.totals(partial=True)["USD"]) == "5.00 USD"


@pytest.mark.parametrize(
    ("period", "state", "told"),
    [
        (("2026-10-05T00:00:00Z", "2026-11-05T00:00:00Z"), State.DIFFERENT_WINDOW,
         "project \"Brisk Meadow\": the only cycle stated is not the running one, "
         "it ended 2026-11-05T00:00:00Z"),
        (("2026-12-05T00:00:00Z", "2027-01-05T00:00:00Z"), State.DIFFERENT_WINDOW,
         "project \"Brisk Meadow\": the only cycle stated is not the running one, "
         "it begins 2026-12-05T00:00:00Z"),
        (("2026-10-20T11:30:00Z", "2026-11-20T11:30:00Z"), State.COMPLETE, None),
        (("2026-11-20T12:05:00Z", "2026-12-20T12:05:00Z"), State.COMPLETE, None),
        (("2026-11-20T12:06:00Z", "2026-12-20T12:06:00Z"), State.DIFFERENT_WINDOW,
         "project \"Brisk Meadow\": the only cycle stated is not the running one, "
         "it begins 2026-11-20T12:06:00Z"),
    ],
)  # fmt: skip
async def test_a_cycle_that_does_not_run_is_not_the_current_one(
    mocked: Mocked, fold_of, period: tuple[str, str], state: State, told: str | None
) -> None:
    """It is noon of 2026-11-20; one that ended within the hour, or by clocks that differ, is no news."""
    teamed(mocked, "p1")
    bills(mocked, "p1", period={"start": period[0], "end": period[1]}, price=500)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [(row.state, row.detail) for row in answer.coverage] == [(state, told)]
    assert str(answer.totals(partial=True)["USD"]) == "5.00 USD"


async def test_a_line_that_begins_later_than_now_counts_and_is_named_by_its_place(
    mocked: Mocked, fold_of
) -> None:
    """It is noon of 2026-11-20. A server's month ends ahead, as every one does."""
    teamed(mocked, "p1")
    month = {"price": 500, "start": "2026-11-05T00:00:00Z", "end": "2026-12-05T00:00:00Z"}
    ahead = {**month, "price": 200, "start": "2026-11-21T00:00:00Z"}
    bills(mocked, "p1", price=700, products=[month, ahead])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["USD"]) == "7.00 USD"
    place = "usage#/data/attributes/products/1"
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.PARTIAL, f"1 line not begun yet, counted all the same: `{place}`")
    ]


async def test_a_cycle_that_is_over_is_whole_where_it_is_what_was_asked(
    mocked: Mocked, fold_of
) -> None:
    teamed(mocked, "p1")
    bills(mocked, "p1", period={"start": "2026-10-01T00:00:00Z", "end": "2026-11-01T00:00:00Z"})
    async with fold_of("latitude") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert (str(answer.totals()["USD"]), answer.complete) == ("1.00 USD", True)


async def test_lines_older_than_their_cycle_keep_their_own_time(mocked: Mocked, fold_of) -> None:
    line = {"id": "si_a", "price": 100, "start": "2026-01-05T16:03:27Z"}
    past = {**line, "id": "si_b", "price": 30, "end": "2026-01-06T00:00:00Z"}
    teamed(mocked, "p1")
    bills(mocked, "p1", price=130, products=[line, past])
    async with fold_of("latitude") as fold:
        (usage,) = await fold.usage()
    started = datetime(2026, 1, 5, 16, 3, 27, tzinfo=UTC)
    assert [(charge.period, str(charge.cost)) for charge in usage.charges] == [
        (Period(started, CYCLE.end), "1.00 USD"),
        (Period(started, datetime(2026, 1, 6, tzinfo=UTC)), "0.30 USD"),
    ]
    assert (usage.covers, str(usage.stated_total)) == (CYCLE, "1.30 USD")


# The amount at which a project is charged


async def test_balances_say_how_far_each_project_is_from_being_charged(
    mocked: Mocked, fold_of
) -> None:
    teamed(mocked, "p7", "p8", "p9")
    bills(mocked, "p7", price=4137, threshold=25000)  # 250.00 - 41.37 = 208.63
    bills(mocked, "p8", price=None, amount=31042.5, threshold=25000)
    bills(mocked, "p9", price=700, threshold=None)
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    (row,) = answer.coverage
    assert (row.state, [str(balance.amount) for balance in answer]) == (
        State.COMPLETE, ["-5.00 USD"],
    )  # fmt: skip
    assert row.detail == (
        'project p7 "p7": 41.37 USD so far, charged at 250.00 USD (208.63 USD to go), '
        "renews on 2026-12-05; "
        'project p8 "p8": 310.425 USD so far, charged at 250.00 USD (reached), '
        "renews on 2026-12-05"
    )


@pytest.mark.parametrize(
    "odd", [{"threshold": 0}, {"threshold": -1}, {"threshold": 1e300}, {"price": None}]
)
async def test_a_threshold_or_price_that_is_no_amount_says_nothing(
    mocked: Mocked, fold_of, odd: dict[str, object]
) -> None:
    teamed(mocked, "p1")
    bills(mocked, "p1", **({"threshold": 25000, "price": 100} | odd))
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert [(row.state, row.detail) for row in answer.coverage] == [(State.COMPLETE, None)]


# Values beside the money


@pytest.mark.parametrize(
    "attributes",
    [
        [],
        "none",
        {"name": 5},
        {"name": ["a"], "slug": {}},
        {"name": "One", "team": []},
        {"name": "One", "team": {"id": ["x"], "name": {}, "currency": []}},
        {"name": "One", "team": {"id": "team_A", "currency": "USD"}},
        {"name": "One", "team": {"id": "team_A", "currency": {"code": 978}}},
        {"name": "One", "stats": [], "tags": {}, "billing": [], "description": {}},
    ],
)
async def test_an_odd_value_of_a_project_row_loses_no_project(
    mocked: Mocked, fold_of, attributes: object
) -> None:
    rows = [{"id": "p1", "attributes": attributes}, {"id": "p2"}]
    url = f"{BASE}/projects?page[size]=100&page[number]=1&stats[total]=count"
    body = {"data": rows, "meta": {"stats": {"total": {"count": "2"}}}}
    mocked.get(url, body=json.dumps(body).encode())
    mocked.get(
        f"{BASE}/team",
        body=b'{"data": [{"id": "team_A", "attributes": {"currency": "usd", "name": []}}]}',
        repeat=True,
    )
    bills(mocked, "p1", price=500)
    bills(mocked, "p2", price=25)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert (str(answer.totals()["USD"]), answer.complete) == ("5.25 USD", True)
    assert sum("/projects" in url for _, url in mocked.sent()) == 1


@pytest.mark.parametrize(
    "meta",
    [[], "", {"stats": []}, {"stats": {"total": 1}}, {"stats": {"total": {"count": "one"}}}, None],
)
async def test_a_list_whose_count_cannot_be_read_ends_at_an_empty_page(
    mocked: Mocked, fold_of, meta: object
) -> None:
    row = {"id": "p1", "attributes": {"team": {"id": "team_A", "currency": {"code": "USD"}}}}
    for number, rows in ((1, [row]), (2, [])):
        url = f"{BASE}/projects?page[size]=100&page[number]={number}&stats[total]=count"
        mocked.get(url, body=json.dumps({"data": rows, "meta": meta}).encode(), repeat=True)
    bills(mocked, "p1", price=500)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert (str(answer.totals()["USD"]), answer.complete) == ("5.00 USD", True)


@pytest.mark.parametrize(
    "odd",
    [
        {"threshold": "none"},
        {"threshold": {"cents": None}},
        {"project": []},
        {"project": "p1"},
        {"project": {"id": "p1", "name": 5, "slug": {}}},
    ],
)
async def test_an_odd_value_of_a_cycle_loses_no_bill(
    mocked: Mocked, fold_of, odd: dict[str, object]
) -> None:
    teamed(mocked, "p1")
    bills(mocked, "p1", {"meta": [], "data": {"id": None, "type": 5, "attributes": {
        "period": NOVEMBER, "price": 500, "available_credit_balance": 0, **odd}}})  # fmt: skip
    async with fold_of("latitude") as fold:
        usage, balances = await fold.usage(), await fold.balances()
    assert (str(usage.totals()["USD"]), usage.complete) == ("5.00 USD", True)
    assert (str(balances.items[0].amount), balances.complete) == ("0.00 USD", True)


async def test_the_bill_of_another_project_is_refused_though_its_id_is_a_number(
    mocked: Mocked, fold_of
) -> None:
    teamed(mocked, "7", "8")
    bills(mocked, "7", price=500, project={"id": 7})
    bills(mocked, "8", price=500, project={"id": 7})
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["USD"]) == "5.00 USD"
    assert [failure.part for failure in answer.failures] == ["8"]


async def test_a_bill_that_names_no_project_counts_for_the_first_only(
    mocked: Mocked, fold_of
) -> None:
    teamed(mocked, "p1", "p2", "p3")
    attributes = {"period": NOVEMBER, "price": 500}
    same = {"data": {"id": "sub_Wd4", "attributes": attributes}}
    bills(mocked, "p1", same)
    bills(mocked, "p2", same)
    bills(
        mocked,
        "p3",
        {"data": {"id": "sub_Wd4", "attributes": {**attributes, "project": {"id": "p3"}}}},
    )
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["USD"]) == "10.00 USD"  # p1 and p3
    assert [(failure.part, failure.message) for failure in answer.failures] == [
        (
            "p2",
            "the reply names no project, and its bill was billed to project p1 "
            '"Brisk Meadow" already - at `$.data.id` (project p2 "Dim Valley")',
        )
    ]


LINE = {"id": "si_1", "name": "c3.small", "price": 250}


async def test_a_bill_without_names_whose_lines_repeat_counts_for_the_first_only(
    mocked: Mocked, fold_of
) -> None:
    """Both reply with 2.50 and say neither whose nor of which subscription: 2.50, not 5.00."""
    teamed(mocked, "p1", "p2")
    bills(mocked, "p1", price=250, products=[LINE])
    bills(mocked, "p2", price=250, products=[LINE])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["USD"]) == "2.50 USD"
    assert [(failure.part, failure.message) for failure in answer.failures] == [
        (
            "p2",
            'the reply names no project, and its bill was billed to project p1 "Brisk Meadow" '
            'already - at `$.data.attributes` (project p2 "Dim Valley")',
        )
    ]


@pytest.mark.parametrize("second", ["sub_1", "sub_2", "", None])
async def test_a_line_of_one_item_under_two_projects_is_a_hole_that_names_both(
    mocked: Mocked, fold_of, second: str | None
) -> None:
    """The second has a line of its own over 1.00 beside the 2.50 that both state."""
    teamed(mocked, "p1", "p2")
    own = {**LINE, "id": "si_2", "price": 100}
    for ident, lines, price, subscription in (
        ("p1", [LINE], 250, "sub_1"),
        ("p2", [LINE, own], 350, second),
    ):
        stated = {"period": NOVEMBER, "price": price, "products": lines}
        body = {"data": {"id": subscription, "attributes": {**stated, "project": {"id": ident}}}}
        bills(mocked, ident, body)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["USD"]) == "6.00 USD"
    assert [(row.state, row.part, row.detail) for row in answer.coverage] == [
        (
            State.PARTIAL,
            "p2",
            'project "Dim Valley": 1 line of the same subscription item billed to '
            'project p1 "Brisk Meadow", too; both count',
        )
    ]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("si_1", "1 line of the same subscription item billed to project p1 {}, too; both count"),
        (None, "the same bill of its subscription is project p1 {}'s, too; both count"),
    ],
)
async def test_what_is_metered_and_counts_up_between_two_projects_is_a_hole(
    mocked: Mocked, fold_of, item: str | None, words: str
) -> None:
    """What costs 2.50 in the first project's reply costs 2.60 by the time of the second's."""
    teamed(mocked, "p1", "p2")
    for ident, price in (("p1", 250), ("p2", 260)):
        line = {**LINE, "id": item, "price": price, "usage_type": "metered"}
        stated = {"period": NOVEMBER, "price": price, "products": [line]}
        body = {"data": {"id": "sub_1", "attributes": {**stated, "project": {"id": ident}}}}
        bills(mocked, ident, body)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["USD"]) == "5.10 USD"
    doubt = words.format('"Brisk Meadow"')
    assert [(row.part, row.detail) for row in answer.coverage if row.state is State.PARTIAL] == [
        ("p2", f'project "Dim Valley": {doubt}')
    ]


@pytest.mark.parametrize(
    ("teams", "total"),
    [
        (("team_A", "team_A"), "3.50 USD"),
        (("team_A", "team_B"), "1.00 USD"),
    ],
)
async def test_a_currency_that_another_project_states_of_the_same_team_is_read(
    mocked: Mocked, fold_of, teams: tuple[str, str], total: str
) -> None:
    """The first project of 1.00 states USD, the second of 2.50 no code, and nothing else does."""
    rows = [
        {"id": ident, "attributes": {"team": {"id": team, "currency": {"code": code}}}}
        for ident, team, code in (("p2", teams[1], None), ("p1", teams[0], "USD"))
    ]
    body = {"data": rows, "meta": {"stats": {"total": {"count": 2}}}}
    mocked.get(
        f"{BASE}/projects?page[size]=100&page[number]=1&stats[total]=count",
        body=json.dumps(body).encode(),
        repeat=True,
    )
    mocked.get(f"{BASE}/team", status=403, repeat=True)
    for ident, price in (("p1", 100), ("p2", 250)):
        bills(mocked, ident, price=price)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
        credits = await fold.balances()
    assert str(answer.totals(partial=True)["USD"]) == total
    assert answer.complete is credits.complete is (teams[0] == teams[1])


async def test_a_team_that_is_billed_in_two_currencies_is_a_hole_that_names_both(
    mocked: Mocked, fold_of
) -> None:
    """A team has one currency (section 2.4, G1), so one of 1.00 USD and 2.50 BRL is wrong."""
    rows = [
        {"id": ident, "attributes": {"team": {"id": "team_A", "currency": {"code": code}}}}
        for ident, code in (("p1", "USD"), ("p2", "BRL"), ("p3", "USD"))
    ]
    body = {"data": rows, "meta": {"stats": {"total": {"count": 3}}}}
    mocked.get(
        f"{BASE}/projects?page[size]=100&page[number]=1&stats[total]=count",
        body=json.dumps(body).encode(),
    )
    for ident, price in (("p1", 100), ("p2", 250), ("p3", 50)):
        bills(mocked, ident, price=price)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    totals = answer.totals(partial=True)
    assert {code: str(total) for code, total in totals.items()} == {
        "USD": "1.50 USD",
        "BRL": "2.50 BRL",
    }
    (hole,) = [row for row in answer.coverage if row.state is not State.COMPLETE]
    assert (hole.state, hole.part) == (State.PARTIAL, "p2")
    assert hole.detail == "the project: its team is billed in BRL here, and in USD in project p1"


async def test_projects_that_share_a_subscription_and_no_line_are_complete(
    mocked: Mocked, fold_of
) -> None:
    teamed(mocked, "p1", "p2")
    for ident, item in (("p1", "si_1"), ("p2", "si_2")):
        stated = {"period": NOVEMBER, "price": 250, "products": [{**LINE, "id": item}]}
        body = {"data": {"id": "sub_1", "attributes": {**stated, "project": {"id": ident}}}}
        bills(mocked, ident, body)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert (str(answer.totals()["USD"]), answer.complete) == ("5.00 USD", True)


@pytest.mark.parametrize("lines", [[], [{"name": "c3.small", "price": 300}]])
async def test_a_subscriptions_bill_under_two_projects_is_a_hole_that_names_both(
    mocked: Mocked, fold_of, lines: list[dict[str, object]]
) -> None:
    """A third project of the subscription is billed something else, and is in no doubt."""
    teamed(mocked, "p1", "p2", "p3")
    for ident, price in (("p1", 300), ("p2", 300), ("p3", 400)):
        stated = {"period": NOVEMBER, "price": price, "products": lines}
        body = {"data": {"id": "sub_1", "attributes": {**stated, "project": {"id": ident}}}}
        bills(mocked, ident, body)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["USD"]) == "10.00 USD"
    assert [(row.part, row.detail) for row in answer.coverage if row.state is State.PARTIAL] == [
        (
            "p2",
            'project "Dim Valley": the same bill of its subscription is project p1 '
            '"Brisk Meadow"\'s, too; both count',
        )
    ]


@pytest.mark.parametrize(
    ("price", "state", "total"),
    [(None, State.PARTIAL, "5.00 USD"), (500, State.COMPLETE, "5.00 USD")],
)
async def test_a_line_that_repeats_without_a_total_is_in_doubt(
    mocked: Mocked, fold_of, price: int | None, state: State, total: str
) -> None:
    teamed(mocked, "p1")
    bills(mocked, "p1", price=price, products=[LINE, LINE])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["USD"]) == total
    (row,) = answer.coverage
    doubt = "1 line equal to another, and no total says whether both count; they do here"
    assert (row.state, doubt in (row.detail or "")) == (state, price is None)


async def test_a_bill_of_another_slug_is_refused(mocked: Mocked, fold_of) -> None:
    team = {"id": "team_A", "currency": {"code": "USD"}}
    row = {"id": "p1", "attributes": {"slug": "brisk", "team": team}}
    body = {"data": [row], "meta": {"stats": {"total": {"count": 1}}}}
    url = f"{BASE}/projects?page[size]=100&page[number]=1&stats[total]=count"
    mocked.get(url, body=json.dumps(body).encode(), repeat=True)
    bills(mocked, "p1", price=500, project={"id": None, "slug": "dim"})
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert (len(answer), answer.coverage[0].state) == (0, State.FAILED)
    assert "`$.data.attributes.project.slug`" in answer.failures[0].message


async def test_a_configured_id_that_is_answered_by_another_project_is_refused(
    mocked: Mocked, fold_of
) -> None:
    body = {"data": {"id": "proj_2", "attributes": {}}}
    mocked.get(f"{BASE}/projects/proj_1", body=json.dumps(body).encode())
    async with fold_of("latitude", projects=("proj_1",), currency="USD") as fold:
        answer = await fold.usage()
    assert (len(answer), answer.coverage[0].state) == (0, State.FAILED)
    assert [(failure.part, failure.message) for failure in answer.failures] == [
        (
            "proj_1",
            "the reply is about another project than proj_1 - at `$.data.id` (project proj_1)",
        )
    ]


async def test_a_teams_currency_is_read_in_either_form(mocked: Mocked, fold_of) -> None:
    url = f"{BASE}/projects?page[size]=100&page[number]=1&stats[total]=count"
    rows = [
        {"id": "p1", "attributes": {"team": {"id": "team_A", "currency": "BRL"}}},
        {"id": "p2", "attributes": {"team": {"id": "team_B"}}},
    ]
    body = {"data": rows, "meta": {"stats": {"total": {"count": 2}}}}
    mocked.get(url, body=json.dumps(body).encode(), repeat=True)
    teams = {"data": [{"id": "team_B", "attributes": {"currency": {"code": "BRL"}}}]}
    mocked.get(f"{BASE}/team", body=json.dumps(teams).encode(), repeat=True)
    bills(mocked, "p1", price=500)
    bills(mocked, "p2", price=250)
    async with fold_of("latitude", currency="USD") as fold:
        answer = await fold.usage()
    assert {code: str(total) for code, total in answer.totals().items()} == {"BRL": "7.50 BRL"}


LEFT_OUT = "a quantity, unit price or time is beyond any bill and left out"


async def test_a_value_that_no_bill_can_have_is_named(mocked: Mocked, fold_of) -> None:
    teamed(mocked, "p1")
    lines = [{"price": cents, "start": "0001-01-01T00:00:00+14:00"} for cents in (300, 200)]
    bills(mocked, "p1", price=510, products=[*lines, {"price": 10, "description": LEFT_OUT}])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert (str(answer.totals()["USD"]), answer.complete) == ("5.10 USD", True)
    assert [row.detail for row in answer.coverage] == [
        f'project "Brisk Meadow": {LEFT_OUT} (lines: 2)'
    ]


@pytest.mark.parametrize("stream", ["usage", "balances"])
async def test_a_bill_in_another_currency_makes_its_project_partial(
    mocked: Mocked, fold_of, stream: str
) -> None:
    teamed(mocked, "p1", "p2")
    bills(mocked, "p1", price=500)
    bills(mocked, "p2", price=500, currency="BRL")
    async with fold_of("latitude") as fold:
        (row,) = (await getattr(fold, stream)()).coverage
    assert (row.state, row.part) == (State.PARTIAL, "p2")
    assert "`$.data.attributes.currency` in /billing/usage says BRL" in (row.detail or "")


async def test_an_error_under_a_good_status_names_its_project(mocked: Mocked, fold_of) -> None:
    teamed(mocked, "p1", "p2")
    bills(mocked, "p1", {"data": None, "errors": [{"code": "INTERNAL", "detail": "try later"}]})
    bills(mocked, "p2", price=500)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [(failure.part, failure.message, failure.code) for failure in answer.failures] == [
        ("p1", '200 try later (project p1 "Brisk Meadow")', "INTERNAL")
    ]
    assert str(answer.totals(partial=True)["USD"]) == "5.00 USD"


TOTAL_IN_DOUBT = (
    "`$.data.attributes.products[{}]` may be the total of others, and no total is stated to tell; "
    "counted here"
)


@pytest.mark.parametrize(
    ("last", "dollars"),
    [
        ({"name": "Total", "price": 1500}, "30.00"),
        ({"description": "Grand total:", "price": 1800}, "33.00"),
        ({"price": 1500}, "30.00"),
        ({"id": "si_9", "name": "Subtotal", "amount": 1500}, "30.00"),
    ],
)
async def test_a_line_that_may_be_the_total_of_the_others_is_in_doubt(
    mocked: Mocked, fold_of, last: dict[str, object], dollars: str
) -> None:
    """10.00 and 5.00 are billed without a total beside them; the last line may add them up."""
    teamed(mocked, "p1")
    lines = [{"id": "si_1", "price": 1000}, {"id": "si_2", "price": 500}, last]
    bills(mocked, "p1", price=None, products=lines)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    (row,) = answer.coverage
    assert str(answer.totals(partial=True)["USD"]) == f"{dollars} USD"
    assert row.state is State.PARTIAL
    assert TOTAL_IN_DOUBT.format(2) in str(row.detail)


@pytest.mark.parametrize(
    "last",
    [
        {"id": "si_9", "name": "c3.large", "price": 1500},  # an item costs what it costs
        {"name": "Total Control licence", "price": 300},
        {"name": "Total", "price": 0},
    ],
)
async def test_a_line_of_its_own_is_no_total(
    mocked: Mocked, fold_of, last: dict[str, object]
) -> None:
    teamed(mocked, "p1")
    lines = [{"id": "si_1", "price": 1000}, {"id": "si_2", "price": 500}, last]
    bills(mocked, "p1", price=None, products=lines)
    async with fold_of("latitude") as fold:
        assert (await fold.usage()).complete


@pytest.mark.parametrize("row", [{"type": "projects"}, {"id": None}, {"id": ""}, {"id": []}])
async def test_a_project_without_an_id_takes_no_other_along(
    mocked: Mocked, fold_of, row: dict[str, object]
) -> None:
    rows = [{"id": "p1", "attributes": {"team": {"currency": {"code": "USD"}, "id": "t"}}}, row]
    body = {"data": rows, "meta": {"stats": {"total": {"count": 2}}}}
    mocked.get(
        f"{BASE}/projects?page[size]=100&page[number]=1&stats[total]=count",
        body=json.dumps(body).encode(),
        repeat=True,
    )
    bills(mocked, "p1")
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["USD"]) == "1.00 USD"
    assert not answer.complete
    details = " ".join(str(row.detail) for row in answer.coverage)
    assert "1 record without an id left out (the first is 2 of page 1)" in details


async def test_a_project_without_a_total_is_not_compared_and_no_agreement(
    mocked: Mocked, fold_of
) -> None:
    """1.00 is stated in all and in lines; of the other project's 2.00 nothing else is stated."""
    teamed(mocked, "p1", "p2")
    bills(mocked, "p1", products=[{"id": "si_a", "price": 100}])
    bills(mocked, "p2", price=None, products=[{"id": "si_b", "price": 200}])
    async with fold_of("latitude") as fold:
        answer, result = await fold.usage(), await fold.reconcile()
    assert answer.complete
    assert [str(total) for total in answer.totals().values()] == ["3.00 USD"]
    assert [(each.name, each.holds) for each in result.identities] == [
        ("Brisk Meadow: project total vs. its lines", True)
    ]
    assert [(row.name, str(row.amount)) for row in result.not_compared] == [
        ("Dim Valley: project total vs. its lines", "2.00 USD")
    ]
    assert not result.holds


async def test_a_line_that_says_that_it_is_void_makes_its_project_partial(
    mocked: Mocked, fold_of
) -> None:
    """No total is stated, and a line of 9.00 was voided: 1.00 or 10.00."""
    teamed(mocked, "p1")
    lines = [{"id": "si_1", "price": 100}, {"id": "si_2", "price": 900, "voided": True}]
    bills(mocked, "p1", price=None, products=lines)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    (row,) = answer.coverage
    assert (row.state, row.part) == (State.PARTIAL, "p1")
    assert "say that they do not count" in str(row.detail)
    assert "`$.data.attributes.products[1].voided`" in str(row.detail)
