"""What a key says about pages is told at once where it says nothing, and never missed for that."""

import re

from hypothesis import given
from hypothesis import strategies as st

from billfold.wire.paging_words import HINTS, may_say

_SAID = st.sampled_from([*HINTS]).flatmap(
    lambda pattern: st.tuples(
        st.just(pattern), st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)
    )
)


@given(_SAID)
def test_every_word_of_a_pattern_has_one_of_its_hints(said: tuple[str, str]) -> None:
    pattern, word = said
    assert any(hint in word for hint in HINTS[pattern])
    assert may_say(word) == (len(word) <= 60)


def test_a_key_without_a_hint_says_nothing() -> None:
    assert not any(map(may_say, ["amount_cents", "hostname", "metadata", "a" * 10_000]))
