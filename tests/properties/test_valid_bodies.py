"""Any body that a provider's OpenAPI slice allows is understood, and comes to what the body itself adds up to."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billfold.simulators.json_text import parse, write
from support.contract import operations
from support.counting import count
from support.endpoints import ENDPOINTS, Endpoint, reading
from support.exact import floats
from support.payloads import answers

# A quarter of the profile: `make reliability` asks for more.
EXAMPLES = settings.default.max_examples // 4


def test_every_operation_of_the_slices_is_here() -> None:
    told = {(one.provider, one.method.upper(), one.path) for one in ENDPOINTS}
    slices = {
        (name, *operation)
        for name in ("aether", "bnerd", "harmont", "latitude")
        for operation in operations(name)
    }
    no_json = {
        ("bnerd", "GET", "/organizations/{id}/invoices/download"),
        ("bnerd", "PUT", "/organizations/{id}/payment_methods/{payment_method_id}/set_default"),
        ("bnerd", "DELETE", "/organizations/{id}/payment_methods/{payment_method_id}"),
        ("bnerd", "GET", "/subscriptions/{id}"),
    }
    assert told == slices - no_json


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_a_body_as_its_slice_allows_is_understood(endpoint: Endpoint, data: st.DataObject) -> None:
    tree: Any = data.draw(
        answers(endpoint.provider, endpoint.path, endpoint.method, given=endpoint.given)
    )
    body = write(endpoint.sensible(tree)).encode()
    count("valid bodies")
    answer = reading(endpoint, body)
    told = [f"{type(error).__name__}: {error}" for error in answer.failures]
    assert told == []
    assert endpoint.told(answer) == endpoint.counted(parse(body))
    assert floats(answer) == []
