"""Whatever goes wrong, no token, IBAN or client secret is in anything that leaves.

Logs, errors, pickles, JSON, tracebacks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve

from billfold import Account, Answer, Billfold, RetryPolicy, Stream
from billfold.adapter import streams
from billfold.simulators.faults import Fault, named
from billfold.simulators.faults.names import FAULTS
from billfold.simulators.sandbox import Served, accounts
from support.canaries import (
    IBAN,
    PERSONAL,
    everything_logged,
    found,
    shown,
    telling,
    told,
    with_locals,
)
from support.counting import count
from support.endpoints import NOW

# Faults without a value of their own need a place to strike.
_VALUES = {
    "null": "id",
    "wrong-type": "id",
    "tampered": "$.balance_cents",
    "slow": "5",
    "throttled": "60",
    "throttled-date": "60",
}
_QUICK = RetryPolicy(attempts=2, backoff=0.001, backoff_max=0.001)


def struck(sandbox: tuple[Served, ...], *faults: Fault) -> None:
    for one in sandbox:
        one.simulation.faults[:] = [evolve(fault) for fault in faults]


def everything_asked(
    sandbox: tuple[Served, ...], deadline: float
) -> tuple[list[str], list[str], list[BaseException]]:
    """Ask every account for every stream, in a loop that debugs.

    Return the tokens, what was said, and the errors.
    """
    asked = accounts(sandbox)
    tokens = [sample.token for one in sandbox for sample in one.simulation.samples]
    count("canaries planted", len(tokens))
    errors: list[BaseException] = []

    async def ask() -> list[str]:
        async with Billfold(asked, clock=lambda: NOW, retry=_QUICK) as fold:
            every = [
                stream for stream in Stream if any(stream in _offered(account) for account in asked)
            ]
            answers = await asyncio.gather(
                *(getattr(fold, stream.value)(deadline=deadline) for stream in every),
                *(_kept(work, errors) for work in _by_name(fold, deadline)),
            )
            errors.extend(
                error
                for answer in answers
                if isinstance(answer, Answer)
                for error in answer.failures
            )
            texts = [
                repr(fold),
                repr(fold.accounts),
                repr(vars(fold)),
                repr(getattr(fold, "_links", "")),
            ]
            return texts + [
                text
                for answer in answers
                for text in (shown(answer) if isinstance(answer, Answer) else [repr(answer)])
            ]

    with everything_logged() as lines:
        texts = asyncio.run(ask(), debug=True)
    return tokens, [*lines, *texts, *(text for error in errors for text in told(error))], errors


def _offered(account: Account) -> set[Stream]:
    return {*streams(account.adapter), Stream.CHECK}


def _by_name(fold: Billfold, deadline: float) -> Iterator[Any]:
    """Do what is done by name.

    A document, an invoice and the writes; and ask for an ExceptionGroup.
    """
    (name,) = [one.name for one in fold.accounts if one.provider == "bnerd"][:1]
    account, methods = fold.account(name), fold.account(name).payment_methods
    yield fold.usage(deadline=deadline, strict=True)
    yield account.invoice("79197348", deadline=deadline)
    yield _read(account.document("79197348", deadline=deadline))
    for write in (
        methods.attach("pm_canary"),
        methods.set_default("pm_canary"),
        methods.setup_intent(),
    ):
        yield asyncio.wait_for(write, deadline)


async def _kept(work: Any, errors: list[BaseException]) -> Any:
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - whatever it is, it is looked through
        errors.append(error)


async def _read(chunks: Any) -> int:
    return sum([len(chunk) async for chunk in chunks])


@pytest.mark.parametrize("name", FAULTS)
def test_no_token_leaves_in_any_fault(sandbox: tuple[Served, ...], name: str) -> None:
    struck(sandbox, named(f"{name}={_VALUES[name]}" if name in _VALUES else name))
    tokens, texts, errors = everything_asked(sandbox, 0.3)
    assert found([*tokens, IBAN], texts) == []
    # What the provider itself repeats is in the reply that was being read; what billfold holds and
    # sends is in no frame.
    inside = [] if name == "echo" else with_locals(*errors)
    assert found(tokens, inside) == []


@pytest.mark.parametrize(
    "code", [300, 307, 400, 401, 403, 404, 409, 410, 418, 422, 423, 429, 500, 503]
)
def test_an_error_that_repeats_the_token_is_told_without_it(
    sandbox: tuple[Served, ...], code: int
) -> None:
    struck(sandbox, Fault(telling(code)))
    tokens, texts, errors = everything_asked(sandbox, 5)
    assert errors
    assert found(tokens, texts) == []


@pytest.mark.parametrize("code", [400, 403, 404, 422, 429, 500])
def test_an_error_that_repeats_an_iban_or_a_client_secret_is_told_without_it(
    sandbox: tuple[Served, ...], code: int
) -> None:
    struck(sandbox, Fault(telling(code, *PERSONAL)))
    tokens, texts, errors = everything_asked(sandbox, 5)
    assert errors
    assert found([*tokens, *PERSONAL], texts) == []
