"""An answer written as JSON is the same answer when it is read again."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billfold import (
    Answer,
    Balance,
    BalanceKind,
    Category,
    Charge,
    Check,
    ConfigError,
    Coverage,
    CredentialsError,
    DailyCost,
    Invoice,
    InvoiceKind,
    Money,
    PaymentMethod,
    Period,
    RateLimitedError,
    State,
    Stream,
    Usage,
)
from billfold.codec import json_text
from support.records import answers

OCTOBER = Period.month(2026, 10)


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def usage_answer() -> Answer[Usage]:
    charge = Charge(
        id="c1",
        provider="bnerd",
        account="cloud",
        category=Category.USAGE,
        period=OCTOBER,
        service="Compute",
        cost=eur("1E+2"),
        quantity=Decimal("0.000001"),
        unit="hour",
        unit_price=eur("0.0000000125"),
        tags={"team": "größe"},
    )
    hole = Charge(
        "c2",
        Category.USAGE,
        OCTOBER,
        "Storage",
        None,
        reason="not stated",
        provider="bnerd",
        account="cloud",
    )
    usage = Usage(
        OCTOBER,
        OCTOBER,
        (charge, hole),
        stated_total=eur("100.00"),
        checks=(Check("sum", eur("100"), eur("100")),),
        provider="bnerd",
        account="cloud",
    )
    coverage = Coverage(
        "cloud", "bnerd", Stream.USAGE, State.PARTIAL, OCTOBER, "1 without a stated amount"
    )
    failed = Coverage("metal", "latitude", Stream.USAGE, State.FAILED)
    failure = RateLimitedError(
        "429 slow down",
        provider="latitude",
        account="metal",
        status=429,
        code="RATE",
        request_id="r-1",
        retry_at=datetime(2026, 11, 20, 13, 0, 0, 500000, UTC),
    )
    rows, asked = (coverage, failed), ("cloud", "metal")
    return Answer(Stream.USAGE, OCTOBER, (usage,), rows, (failure,), asked, ("k8s",))


def test_a_usage_answer_is_written_field_by_field() -> None:
    window = {"start": "2026-10-01T00:00:00Z", "end": "2026-11-01T00:00:00Z"}
    empty = dict.fromkeys(
        (
            "billing_account_id",
            "billing_account_name",
            "sub_account_id",
            "sub_account_name",
            "description",
            "resource_id",
            "resource_name",
            "resource_type",
            "list_cost",
            "included_in",
            "invoice_id",
            "day",
            "source",
        )
    )
    common = {
        "provider": "bnerd",
        "account": "cloud",
        "category": "usage",
        "period": window,
        "derived": False,
        **empty,
    }
    assert json.loads(usage_answer().to_json()) == {
        "schema": "billfold.answer/1",
        "stream": "usage",
        "asked": {"period": window, "accounts": ["cloud", "metal"], "left_out": ["k8s"]},
        "complete": False,
        "totals": {"EUR": "100"},
        "items": [
            {
                "provider": "bnerd",
                "account": "cloud",
                "requested": window,
                "covers": window,
                "charges": [
                    {
                        **common,
                        "id": "c1",
                        "service": "Compute",
                        "cost": {"amount": "100", "currency": "EUR"},
                        "quantity": "0.000001",
                        "unit": "hour",
                        "unit_price": {"amount": "0.0000000125", "currency": "EUR"},
                        "reason": None,
                        "tags": {"team": "größe"},
                    },
                    {
                        **common,
                        "id": "c2",
                        "service": "Storage",
                        "cost": None,
                        "quantity": None,
                        "unit": None,
                        "unit_price": None,
                        "reason": "not stated",
                        "tags": {},
                    },
                ],
                "billing_account_id": None,
                "billing_account_name": None,
                "sub_account_id": None,
                "sub_account_name": None,
                "stated_total": {"amount": "100.00", "currency": "EUR"},
                "checks": [
                    {
                        "name": "sum",
                        "stated": {"amount": "100", "currency": "EUR"},
                        "computed": {"amount": "100", "currency": "EUR"},
                        "cause": None,
                    }
                ],
                "unchecked": [],
                "known_until": None,
                "since": None,
            }
        ],
        "coverage": [
            {
                "account": "cloud",
                "provider": "bnerd",
                "stream": "usage",
                "state": "partial",
                "covers": window,
                "detail": "1 without a stated amount",
                "part": None,
                "known_until": None,
                "counted_in": [],
                "idle": [],
                "first_read": None,
            },
            {
                "account": "metal",
                "provider": "latitude",
                "stream": "usage",
                "state": "failed",
                "covers": None,
                "detail": None,
                "part": None,
                "known_until": None,
                "counted_in": [],
                "idle": [],
                "first_read": None,
            },
        ],
        "failures": [
            {
                "account": "metal",
                "provider": "latitude",
                "error": "RateLimitedError",
                "message": "429 slow down",
                "status": 429,
                "code": "RATE",
                "request_id": "r-1",
                "part": None,
                "retry_at": "2026-11-20T13:00:00.500000Z",
            }
        ],
    }


def test_a_usage_answer_is_read_back_as_it_was() -> None:
    answer = usage_answer()
    again = Answer.from_json(answer.to_json(indent=2))
    assert again == answer
    assert again.totals(partial=True) == {"EUR": eur("100")}
    assert Answer.from_json(answer.to_json().encode()) == answer


@given(answers())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_answer_is_read_back_as_it_was(answer: Answer[Any]) -> None:
    written = answer.to_json()
    again = Answer.from_json(written)
    assert again == answer
    assert again.to_json() == written


@given(answers())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_decimal_is_text_in_plain_notation(answer: Answer[Any]) -> None:
    def amounts(value: Any) -> list[Any]:
        if isinstance(value, list):
            return [found for item in value for found in amounts(item)]
        if not isinstance(value, dict):
            assert not isinstance(value, float)
            return []
        here = [
            found
            for key, found in value.items()
            if key in ("amount", "quantity") and not isinstance(found, dict)
        ]
        return here + [found for item in value.values() for found in amounts(item)]

    for text in amounts(json.loads(answer.to_json())["items"]):
        assert text is None or re.fullmatch(r"-?\d+(\.\d+)?", text)


@pytest.mark.parametrize(
    ("stream", "items", "totals"),
    [
        (
            Stream.DAILY,
            (DailyCost(date(2026, 10, 1), eur("1.5"), provider="a", account="b"),),
            {"EUR": "1.5"},
        ),
        (
            Stream.INVOICES,
            (
                Invoice("1", InvoiceKind.METERING, eur("10"), provider="a", account="b"),
                Invoice("2", InvoiceKind.LEGAL, eur("11.90"), provider="a", account="b"),
                Invoice("3", InvoiceKind.LEGAL, None, provider="a", account="b"),
            ),
            {"metering": {"EUR": "10"}, "legal": {"EUR": "11.90"}},
        ),
        (
            Stream.PAYMENT_METHODS,
            (
                PaymentMethod(
                    "p", "sepa", True, iban="DE89370400440532013000", provider="a", account="b"
                ),
            ),
            {},
        ),
        (Stream.CHECK, (), {}),
    ],
)
def test_totals_follow_the_stream(
    stream: Stream, items: tuple[Any, ...], totals: dict[str, Any]
) -> None:
    answer: Answer[Any] = Answer(stream, None, items, (Coverage("b", "a", stream, State.COMPLETE),))
    written = json.loads(answer.to_json())
    assert written["totals"] == totals
    assert written["asked"] == {"period": None, "accounts": [], "left_out": []}
    assert written["complete"] is True


def test_an_iban_is_written_masked() -> None:
    method = PaymentMethod(
        "p", "sepa", True, iban="DE89370400440532013000", provider="a", account="b"
    )
    written = Answer(Stream.PAYMENT_METHODS, None, (method,), ()).to_json()
    assert "DE***3000" in written
    assert "0532" not in written


def test_an_error_of_a_later_version_is_read_as_the_root_of_the_tree() -> None:
    answer: Answer[Any] = Answer(
        Stream.CHECK, None, (), (), (CredentialsError("401 no", status=401),)
    )
    (failure,) = Answer.from_json(
        answer.to_json().replace("CredentialsError", "BrandNewError")
    ).failures
    assert (type(failure).__name__, failure.message, failure.status) == (
        "BillfoldError",
        "401 no",
        401,
    )


@pytest.mark.parametrize(
    "text", ["", "not json", "[]", "null", '"text"', "5", "{}", b"\xff\xfe\xfa"]
)
def test_what_is_no_answer_is_refused(text: str | bytes) -> None:
    with pytest.raises(ConfigError, match="this is not an answer of billfold"):
        Answer.from_json(text)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[]", "it is no JSON object"),
        ("5", "it is no JSON object"),
        ("{}", "it has no schema"),
    ],
)
def test_what_is_no_answer_is_told_in_words(written: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Answer.from_json(written)
    assert refused.value.message == f"this is not an answer of billfold: {said}"


@pytest.mark.parametrize("schema", ['"billfold.answer/2"', '"other"', "null", "1"])
def test_an_unknown_schema_is_refused_by_name(schema: str) -> None:
    with pytest.raises(ConfigError, match="this version of billfold reads"):
        Answer.from_json(f'{{"schema": {schema}}}')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"0.000001"', "0.000001"),
        ('"amount": "100"', '"amount": 100'),
        ('"amount": "100"', '"amount": "NaN"'),
        ('"amount": "100"', '"amount": "many"'),
        ('"amount": "100"', '"amount": "1e999"'),
        ('"currency": "EUR"', '"currency": "euro"'),
        ('"stream": "usage", "asked"', '"stream": "dreams", "asked"'),
        ('"state": "failed"', '"state": "tired"'),
        ('"start": "2026-10-01T00:00:00Z"', '"start": "2026-10-01T00:00:00"'),
        ('"start": "2026-10-01T00:00:00Z"', '"start": 5'),
        ('"items": [', '"items": 5, "x": ['),
        ('"failures": [', '"failed": ['),
        ('"retry_at": "2026', '"retry_at": "soon'),
        ('"id": "c1", ', ""),
    ],
)
def test_a_damaged_answer_is_refused(old: str, new: str) -> None:
    written = usage_answer().to_json()
    assert old in written
    with pytest.raises(ConfigError, match="this is not an answer of billfold"):
        Answer.from_json(written.replace(old, new))


DEBT = Balance(
    provider="harmont",
    account="ci",
    amount=eur("0.40"),
    kind=BalanceKind.PREPAID,
    scope="acme",
    as_of=datetime(2026, 11, 20, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0,40", "'0,40' has a comma; write 0.40"),
        ("", "'' is not a number; write it like 1234.56"),
        ("1_0", "'1_0' is not a number; write it like 1234.56"),
        ("\uff11\uff12", "'\uff11\uff12' is not a number; write it like 1234.56"),
        (" 5 ", "' 5 ' is not a number; write it like 1234.56"),
        ("1e2", "'1e2' is not a number; write it like 1234.56"),
        ("NaN", "'NaN' is not a number; write it like 1234.56"),
        ("9" * 41, "an amount has at most eighty digits and lies between 1e-40 and 1e40"),
        (5.5, "5.5 is no text; write a number as text, like '1234.56'"),
        (None, "None is no text; write a number as text, like '1234.56'"),
    ],
)
def test_an_amount_that_is_no_number_is_refused_by_its_place(amount: object, said: str) -> None:
    written = Answer(Stream.BALANCES, None, (DEBT, DEBT), ()).to_dict()
    written["items"][1]["amount"]["amount"] = amount
    with pytest.raises(ConfigError) as refused:
        Answer.from_dict(written)
    assert refused.value.message == (
        f"this is not an answer of billfold: {said} @ $.items[1].amount.amount"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"currency": "EUR"',
            '"currency": "euro"',
            "letters, as in ISO 4217 @ $.items[0].charges[0].cost",
        ),
        ('"state": "failed"', '"state": "tired"', "@ $.coverage[1].state"),
        ('"failures": [', '"failed": [', "'failures' is missing @ $"),
        ('"retry_at": "2026', '"retry_at": "soon', "invalid value @ $.failures[0]"),
        ('"id": "c1", ', "", "'id' is missing @ $.items[0].charges[0].id"),
        ('"stream": "usage", "asked"', '"stream": "dreams", "asked"', "@ $.stream"),
        ('"left_out": ["k8s"]', '"left": []', "'left_out' is missing @ $.asked"),
    ],
)
def test_damage_is_told_by_its_place(old: str, new: str, said: str) -> None:
    written = usage_answer().to_json()
    assert old in written
    with pytest.raises(ConfigError) as refused:
        Answer.from_json(written.replace(old, new))
    assert said in refused.value.message


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda values: (
        st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=3), values, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), PLAIN, max_size=3), st.sampled_from([None, 0, 1, 2]))
def test_json_is_laid_out_as_python_does(document: dict[str, Any], indent: int | None) -> None:
    text = json_text(document, indent)
    assert json.loads(text) == document
    if not re.search(
        "[\x7f-\x9f]", text_of_python := json.dumps(document, indent=indent, ensure_ascii=False)
    ):
        assert text == text_of_python


def test_controls_are_escaped_and_a_lone_surrogate_stays() -> None:
    assert json_text({"a": "\x1b\x7f\x9b\n\u00e9"}) == '{"a": "\\u001b\\u007f\\u009b\\n\u00e9"}'
    assert json_text({"a": "\ud800", "b": [10**30]}, 2) == (
        '{\n  "a": "\ud800",\n  "b": [\n    1000000000000000000000000000000\n  ]\n}'
    )


@pytest.mark.parametrize("description", ["a lease", "\ud800"])
@pytest.mark.parametrize("indent", [None, 0, 2])
def test_an_answer_is_the_text_of_its_plain_values(description: str, indent: int | None) -> None:
    answer = usage_answer()
    (usage,) = answer.items
    charges = tuple(evolve(charge, description=description) for charge in usage.charges)
    said = evolve(answer, items=(evolve(usage, charges=charges), usage))
    assert said.to_json(indent=indent) == json_text(said.to_dict(), indent)


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("count", [0, 1, 40])
def test_an_answer_of_however_many_items_is_the_text_of_its_plain_values(
    count: int, indent: int | None
) -> None:
    answer = usage_answer()
    said = evolve(answer, items=answer.items * count)
    text = said.to_json(indent=indent)
    assert text == json.dumps(said.to_dict(), indent=indent, ensure_ascii=False)
    assert Answer.from_json(text) == said
