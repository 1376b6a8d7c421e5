"""Every charge names the request and the place in its reply that it is from: the money is there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import aiohttp
import msgspec
import pytest
from yarl import URL

from billfold import Answer, Billfold, Charge, Secret
from billfold.simulators.serving import installed_simulators, serving

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def at_pointer(document: Any, pointer: str) -> Any:
    """Follow a JSON Pointer (RFC 6901)."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def sizes(node: Any) -> Iterator[Decimal]:
    """Give every number of a value, without its sign; b'nerd writes fractions of cents as text."""
    if isinstance(node, dict):
        for value in node.values():
            yield from sizes(value)
    elif not isinstance(node, bool | None):
        try:
            yield abs(Decimal(node))
        except (ArithmeticError, ValueError, TypeError):
            return


def states(node: Any, charge: Charge) -> bool:
    """Return whether a place has the charge's cost, in whole units or cents, or its quantity."""
    if charge.cost is None:
        return charge.quantity in set(sizes(node))
    amount = abs(charge.cost.amount)
    return bool({amount, amount * 100} & set(sizes(node)))


@pytest.mark.parametrize("provider", ["aether", "bnerd", "harmont", "latitude"])
async def test_what_a_charge_costs_stands_where_its_source_points(
    simulated: Any, provider: str
) -> None:
    fold: Billfold
    fold, _ = await simulated(provider)
    charges = [charge for usage in await fold.usage() for charge in usage.charges]
    assert charges
    simulation = installed_simulators()[provider](NOW)
    tokens = {sample.name: Secret(sample.token) for sample in simulation.samples}
    replies: dict[tuple[str, str], Any] = {}
    async with serving(simulation) as url, aiohttp.ClientSession() as session:
        for charge in charges:
            assert charge.source is not None
            request, _, pointer = charge.source.partition("#")
            method, _, path = request.partition(" ")
            assert method == "GET"
            if (charge.account, path) not in replies:
                headers = simulation.auth.headers(tokens[charge.account])
                address = URL(url + path, encoded=True)
                async with session.get(address, headers=headers) as response:
                    assert response.status == 200
                    replies[charge.account, path] = _DECODER.decode(await response.read())
            node = at_pointer(replies[charge.account, path], pointer)
            if charge.derived:
                assert node is not None, charge.source
            else:
                assert states(node, charge), charge.source


async def test_a_source_has_neither_origin_nor_token_and_survives_json(simulated: Any) -> None:
    fold: Billfold
    fold, simulation = await simulated("harmont")
    answer = await fold.usage()
    (first, *_) = answer.items[0].charges
    assert first.source is not None
    assert first.source.startswith(
        "GET /api/v0/billing/usage/tidewater-labs/breakdown?from=2026-11-01T00:00:00Z&to="
    )
    assert first.source.endswith("#/data/0/jobs/0")
    written = answer.to_json()
    assert not any(sample.token in written for sample in simulation.samples)
    assert "127.0.0.1" not in written
    assert Answer.from_json(written).items[0].charges[0].source == first.source
