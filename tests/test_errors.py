"""Errors say what to do next, and travel."""

import copy
import pickle
from datetime import UTC, datetime

import pytest

from billfold import Answer, errors
from billfold.errors import FIELDS, KINDS, BillfoldError, ProviderError

EVERYTHING = {
    "provider": "harmont",
    "account": "ci",
    "status": 429,
    "code": "slow_down",
    "part": "acme",
    "request_id": "req-1",
    "retry_at": datetime(2026, 11, 20, 12, tzinfo=UTC),
}
kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@kinds
def test_every_error_pickles_and_copies(kind: type[BillfoldError]) -> None:
    error = kind("slow down", **EVERYTHING)
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is kind
        assert again == error
        assert (again.message, str(again)) == ("slow down", "ci acme: slow down")
        assert {name: getattr(again, name) for name in FIELDS} == EVERYTHING


@kinds
def test_what_is_not_known_is_none(kind: type[BillfoldError]) -> None:
    error = kind("no idea")
    assert [getattr(error, name) for name in FIELDS] == [None] * len(FIELDS)
    assert pickle.loads(pickle.dumps(error)) == error


def test_a_group_of_failures_pickles() -> None:
    group = ExceptionGroup("2 failures", [kind("no", **EVERYTHING) for kind in KINDS.values()])
    assert pickle.loads(pickle.dumps(group)).exceptions == group.exceptions


@pytest.mark.parametrize("name", FIELDS)
def test_errors_are_equal_when_everything_is(name: str) -> None:
    error = ProviderError("no", **EVERYTHING)
    assert error == ProviderError("no", **EVERYTHING)
    assert hash(error) == hash(ProviderError("no", **EVERYTHING))
    assert error != ProviderError("no", **{**EVERYTHING, name: None})
    assert error != ProviderError("yes", **EVERYTHING)
    assert error != BillfoldError("no", **EVERYTHING)
    assert error != "no"


ODD = "a\x1b[31mb\u202ec\x00d\x9be\u2066f\ud800"
SEEN = "a\ufffd[31mb\ufffdc\ufffdd\ufffde\ufffdf\ufffd"


@kinds
def test_no_text_of_an_error_moves_a_terminal(kind: type[BillfoldError]) -> None:
    error = kind(ODD, code=ODD, request_id=ODD, account=ODD, part=ODD)
    assert (error.message, error.args, error.code, error.request_id) == (SEEN, (SEEN,), SEEN, SEEN)
    assert str(error) == f"{SEEN} {SEEN}: {SEEN}"
    error.add(ODD)
    told = error.about(ODD).introduced(ODD)
    assert told.message == f"{SEEN}: {SEEN}{SEEN} ({SEEN})"
    assert pickle.loads(pickle.dumps(told)) == told


def test_the_reason_of_an_error_is_what_it_shares_with_others() -> None:
    error = ProviderError("502 Bad Gateway (nginx)")
    assert (error.reason, error.what, error.tried) == (error.message, None, None)
    error.give_up(5, 3.44)
    told = error.about(f"project {ODD}").introduced("the list could not be read")
    for again in (told, pickle.loads(pickle.dumps(told)), copy.copy(told)):
        assert again.message.endswith(f"(nginx) (tried 5 times over 3.4 s) (project {SEEN})")
        assert again.reason == "the list could not be read: 502 Bad Gateway (nginx)"
        assert (again.what, again.tried) == (f"project {SEEN}", (5, 3.44))


def test_a_message_may_have_several_lines() -> None:
    assert ProviderError("one\ntwo\tthree").message == "one\ntwo three"


def test_locating_an_error_names_the_account_once() -> None:
    error = ProviderError("no")
    assert error.locate(provider="harmont", account="ci") is error
    assert error.locate(provider="other", account="other") is error
    assert (error.provider, error.account) == ("harmont", "ci")


def _drawn(text: str) -> list[tuple[int, str]]:
    """Read the tree of a docstring as (depth, name), from top to bottom."""
    drawn = []
    for line in text.splitlines():
        name = next((word for word in line.split() if word in KINDS), None)
        if name and ("──" in line or not drawn):
            drawn.append(((line.index(name) - 4) // 4, name))
    return drawn


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    def tree(kind: type[BillfoldError], depth: int) -> list[tuple[int, str]]:
        below = [row for child in kind.__subclasses__() for row in tree(child, depth + 1)]
        return [(depth, kind.__name__), *below]

    assert _drawn(errors.__doc__ or "") == tree(BillfoldError, 0)
    assert len(KINDS) == len(tree(BillfoldError, 0))


@pytest.mark.parametrize("kind", [errors.PeriodError, errors.MoneyError, errors.CurrencyError])
def test_a_wrong_value_is_a_value_error_too(kind: type[BillfoldError]) -> None:
    assert issubclass(kind, ValueError)


def test_an_error_names_its_part_and_its_account_unless_its_sentence_does() -> None:
    where = {"provider": "harmont", "account": "ci"}
    assert str(BillfoldError("404", **where, part="acme")) == "ci acme: 404"
    no_data = BillfoldError("403 no data for you", **where, part="data")
    assert str(no_data) == "ci data: 403 no data for you"
    assert str(BillfoldError("account 'ci': 404", **where)) == "account 'ci': 404"
    assert str(BillfoldError("a social matter", **where)) == "ci: a social matter"


def test_an_account_whose_name_is_any_word_is_named_all_the_same() -> None:
    error = BillfoldError("404 no such organization", provider="harmont", account="organization")
    assert str(error) == "organization: 404 no such organization"
    assert str(BillfoldError("account ci: 404", account="ci")) == "account ci: 404"
    assert str(BillfoldError('account "ci": 404', account="ci")) == 'account "ci": 404'


def test_an_error_is_introduced_by_what_came_of_it() -> None:
    error = ProviderError("503 maintenance", **EVERYTHING)
    introduced = error.introduced("the list was not read to its end")
    assert introduced.message == "the list was not read to its end: 503 maintenance"
    assert (introduced.status, error.message) == (429, "503 maintenance")


@pytest.mark.parametrize(
    "start", ["[", '{"schema":', '{"schema": "billfold.answer/1", "items": [[']
)
def test_an_answer_that_is_nested_too_deep_is_no_answer(start: str) -> None:
    with pytest.raises(errors.ConfigError, match="not an answer of billfold: it is nested"):
        Answer.from_json(start + "[" * 100_000)
