"""Accounts that are written are read as they were meant."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from billfold.accounts.written import accounts_toml

values = st.text(st.characters(codec="utf-8")) | st.integers(-(2**63), 2**63 - 1) | st.booleans()
tables = st.dictionaries(st.from_regex("[a-z_]{1,9}", fullmatch=True), values | st.lists(values))


@given(st.lists(tables, min_size=1))
def test_what_is_written_is_what_is_read(written: list[dict[str, object]]) -> None:
    assert tomllib.loads(accounts_toml(written)) == {"accounts": written}
