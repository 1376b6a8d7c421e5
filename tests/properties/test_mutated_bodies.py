"""A body that is nearly right is understood as it stands, or refused by name.

It never becomes another amount.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.counting import count
from support.endpoints import READ, Endpoint, reading
from support.judging import wrong
from support.mutations import mutants
from support.payloads import answers

# A quarter of the profile: `make reliability` asks for more.
EXAMPLES = settings.default.max_examples // 4


@pytest.mark.parametrize("endpoint", READ, ids=str)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_a_mutated_body_is_understood_as_it_stands_or_refused_by_name(
    endpoint: Endpoint, data: st.DataObject
) -> None:
    tree = data.draw(
        answers(endpoint.provider, endpoint.path, endpoint.method, given=endpoint.given)
    )
    body = data.draw(mutants(endpoint.sensible(tree)))
    count("mutated bodies")
    assert wrong(endpoint, body, reading(endpoint, body)) == []
