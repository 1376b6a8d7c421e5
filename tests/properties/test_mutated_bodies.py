"""A body that is nearly right is understood as it stands, or refused by name; it never becomes another amount."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billfold import Answer, DriftError
from billfold.errors import ConfigError, NotFoundError, RequestError
from billfold.faults.bodies import parse
from support.counting import count
from support.endpoints import ENDPOINTS, Endpoint, reading
from support.exact import floats
from support.mutations import mutants
from support.payloads import answers

# A quarter of the profile: `make reliability` asks for more.
EXAMPLES = settings.default.max_examples // 4

# What is wrong with the whole body, or between two pages, has no path.
_NAMED = re.compile(
    r"at `\$|the reply is (empty|HTML|not readable JSON)|twice in one object"
    r"|repeats a page's cursor|only repeats records already read|counts \d+ projects and lists \d+"
)
# A list may be empty, an id may be one that no URL can hold, a team may have no currency: that is said in their own words.
_OTHERS = ConfigError | NotFoundError | RequestError

# Attaching a payment method is done whatever the body says, and answers None where it says nothing.
READ = [one for one in ENDPOINTS if not one.path.endswith("create_and_attach")]


@pytest.mark.parametrize("endpoint", READ, ids=str)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_a_mutated_body_is_understood_as_it_stands_or_refused_by_name(endpoint: Endpoint, data: st.DataObject) -> None:
    tree = data.draw(answers(endpoint.provider, endpoint.path, endpoint.method, given=endpoint.given))
    body = data.draw(mutants(endpoint.sensible(tree)))
    count("mutated bodies")
    answer = reading(endpoint, body)
    assert floats(answer) == []
    for error in answer.failures:
        assert isinstance(error, DriftError | _OTHERS)
        assert not isinstance(error, DriftError) or _NAMED.search(str(error)), str(error)
    if answer.complete:
        assert endpoint.told(answer) == endpoint.counted(parse(body))
        assert _repeated(answer) == []


def _repeated(answer: Answer[object]) -> list[str]:
    idents = [charge.id for item in answer for charge in getattr(item, "charges", ())]
    return sorted({ident for ident in idents if idents.count(ident) > 1})
