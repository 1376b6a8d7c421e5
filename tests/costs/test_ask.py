"""The door of the room: ask() over any source of usage, and the public names."""

import ast
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from attrs import define, evolve, field

from billfold import Answer, IncompleteError, Period, State, Usage, costs
from billfold.costs import ConstantRates, Exchange, Policy
from support.costs import OCTOBER, answer, charge, money

RATES = Exchange(ConstantRates({"EUR": Decimal(1), "USD": Decimal("1.25")}), Policy.CONSTANT)
ANSWER = answer(charge("10.00 USD", day=date(2026, 10, 1)), charge("31.00 EUR", service="Fee"))


@define
class Source:
    """Answers one usage, and remembers its requests."""

    answer: Answer[Usage]
    requests: list[tuple[object, ...]] = field(factory=list)

    async def usage(
        self,
        period: Period | None = None,
        *,
        accounts: Iterable[str] | None = None,
        deadline: float | None = None,
    ) -> Answer[Usage]:
        self.requests.append((period, accounts, deadline))
        return self.answer


async def test_a_period_is_read_once_and_grouped_by_provider_and_service() -> None:
    source = Source(ANSWER)
    view = await costs.ask(source, OCTOBER, accounts=["ci"], deadline=5)
    assert source.requests == [(OCTOBER, ["ci"], 5)]
    assert [row.keys for row in view.rows] == [("harmont", "CI"), ("harmont", "Fee")]
    assert (view.currency, view.converted) == (None, None)


async def test_options_convert_spread_and_allocate() -> None:
    rules = costs.Rules((costs.Rule({"service": ("Fee",)}, cost_centre="ops"),))
    (row,) = ANSWER.coverage
    read = datetime.fromisoformat("2026-10-02T00:00Z")
    view = await costs.ask(
        Source(evolve(ANSWER, coverage=(evolve(row, known_until=read),))),
        by=("day", "cost_centre"),
        currency="EUR",
        exchange=RATES,
        rules=rules,
        spread=True,
    )
    assert [(row.keys, row.converted) for row in view.rows] == [
        (("2026-10-01", "(unallocated)"), money("8 EUR")),
        (("2026-10-01", "ops"), money("31.00 EUR")),
    ]


async def test_a_total_over_a_hole_is_refused_unless_partial() -> None:
    source = Source(answer(charge("1.00 EUR"), state=State.PARTIAL))
    with pytest.raises(IncompleteError, match="ci is partial"):
        await costs.ask(source)
    assert not (await costs.ask(source, partial=True)).complete


def test_the_public_names_are_there_and_type_checkers_see_the_same() -> None:
    tree = ast.parse(Path(costs.__file__).read_text("utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.name: import_module(str(node.module))
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert sorted(costs.__all__) == sorted(seen)
    for name, module in seen.items():
        assert getattr(costs, name) is getattr(module, name)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'cost'"):
        costs.cost  # noqa: B018
