"""Accounts that are written are read as they were meant."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from billfold.accounts.written import accounts_toml

values = st.text(st.characters(codec="utf-8")) | st.integers(-(2**63), 2**63 - 1) | st.booleans()
keys = st.text("abcxyz_", min_size=1, max_size=9)
tables = st.dictionaries(keys, values | st.lists(values, max_size=3), max_size=4)


@given(st.lists(tables, min_size=1, max_size=3))
def test_what_is_written_is_what_is_read(written: list[dict[str, object]]) -> None:
    assert tomllib.loads(accounts_toml(written)) == {"accounts": written}
