"""pydantic and FastAPI take and write our types, as to_json() does; the page's examples run."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from billfold import Account, Answer, Coverage, Money, Period, State, Stream, Usage
from billfold.codec import record
from billfold.costs import CostView, cost_view, priced_lines
from billfold.pydantic import Plain
from billfold.reconcile import Reconciliation
from billfold.simulators import serving
from billfold_harmont.simulator import SAMPLES, simulate
from support.toys import OCTOBER, eur, usage

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = (Path(__file__).parent.parent / "docs" / "library.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

ROW = Coverage("a1", "toy", Stream.USAGE, State.COMPLETE, OCTOBER)
ANSWER = Answer(Stream.USAGE, OCTOBER, (usage("1.105", None),), (ROW,))
VIEW = cost_view(ANSWER, priced_lines(ANSWER), by="provider", currency=None)
COMPARED = Reconciliation(OCTOBER, (), (ROW,), ())


class Everything(BaseModel):
    money: Plain[Money]
    period: Plain[Period]
    usage: Plain[Usage]
    answer: Plain[Answer[Usage]]
    view: Plain[CostView] | None = None
    compared: Plain[Reconciliation] | None = None


def everything(**more: Any) -> Everything:
    return Everything(money=eur("1.10"), period=OCTOBER, usage=usage("2.20"), answer=ANSWER, **more)


def test_a_model_writes_what_to_json_writes() -> None:
    written = json.loads(everything(view=VIEW, compared=COMPARED).model_dump_json())
    assert written["money"] == {"amount": "1.10", "currency": "EUR"}
    assert written["usage"] == record(usage("2.20"))
    assert written["answer"] == json.loads(ANSWER.to_json())
    assert written["view"] == json.loads(VIEW.to_json())
    assert written["compared"] == json.loads(COMPARED.to_json())


def test_what_is_written_is_read_again_and_equal() -> None:
    model = everything()
    assert Everything.model_validate_json(model.model_dump_json()) == model
    assert Everything.model_validate(model.model_dump()) == model


def test_money_and_periods_are_read_from_text() -> None:
    assert TypeAdapter(Plain[Money]).validate_python("10.50 EUR") == eur("10.50")
    assert TypeAdapter(Plain[Period]).validate_python("2026-10") == OCTOBER


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        (Money, "10,50 EUR", "is not an amount of money"),
        (Money, {"amount": 1.5, "currency": "EUR"}, r"1.5 is no text; write a .* @ \$.amount"),
        (Money, {"amount": "1,5", "currency": "EUR"}, r"has a comma; write 1.5 @ \$.amount"),
        (Money, {"amount": "1_0", "currency": "EUR"}, r"'1_0' is not a number; .* @ \$.amount"),
        (Money, {"amount": "\uff11", "currency": "EUR"}, r"is not a number; .* @ \$.amount"),
        (Money, {"amount": "1.5"}, r"this is no Money: 'currency' is missing @ \$.currency"),
        (Period, "soon", "'soon' is not a period"),
        (Usage, {}, "this is no Usage"),
        (Answer, {"schema": "other"}, "this answer has schema 'other'"),
        (Answer, "text", "this is not an answer of billfold"),
        (CostView, {}, "a CostView is written, and never read from JSON"),
    ],
)
def test_what_is_none_is_a_validation_error(kind: Any, given: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        TypeAdapter(Plain[kind]).validate_python(given)


@pytest.mark.parametrize("kind", [Account, int, list[Money]])
def test_what_has_no_json_of_ours_is_refused(kind: Any) -> None:
    with pytest.raises(TypeError, match="Plain is for records, views and values of billfold"):
        TypeAdapter(Plain[kind])


def test_the_example_of_a_model_runs() -> None:
    (block,) = (block for block in BLOCKS if "BaseModel" in block)
    names: dict[str, Any] = {}
    exec(block, names)
    bill = names["Bill"](total="10.50 EUR", period="2026-10")
    assert bill.total == eur("10.50")
    assert bill.period == OCTOBER


async def test_the_example_of_a_service_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (block,) = (block for block in BLOCKS if "FastAPI" in block)
    names: dict[str, Any] = {}
    exec(block, names)
    app, simulation = names["app"], simulate(NOW)
    async with serving(simulation) as url:
        config = tmp_path / "billfold.toml"
        config.write_text(
            f'[[accounts]]\nname = "ci"\nprovider = "harmont"\n'
            f'token_env = "SERVICE_TOKEN"\nbase_url = "{url}"\n'
        )
        monkeypatch.setenv("BILLFOLD_CONFIG", str(config))
        monkeypatch.setenv("SERVICE_TOKEN", SAMPLES[0].token)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://service.test") as client,
        ):
            answered = await client.get("/usage", params={"period": "2026-10"})
            costs = await client.get("/costs", params={"period": "2026-10"})
            refused = [
                await client.get(path, params={"period": "soon"}) for path in ("/usage", "/costs")
            ]
            described = await client.get("/openapi.json")
    assert answered.status_code == 200, answered.text
    answer = Answer.from_json(answered.text)
    assert (answer.complete, answer.requested) == (True, OCTOBER)
    assert answered.json() == answer.to_dict()
    assert costs.json()["totals"]["native"] == answer.to_dict()["totals"]
    assert [each.status_code for each in refused] == [422, 422]
    assert all("'soon' is not a period" in each.text for each in refused)
    assert described.status_code == 200
