"""What a store's own library says of a failure comes as a sentence, without colours."""

from pathlib import Path

import pytest

from billfold import StoreError
from billfold.store.book import Book


def test_a_store_that_cannot_be_read_is_explained_without_colours(tmp_path: Path) -> None:
    log = tmp_path / "usage/_delta_log"
    log.mkdir(parents=True)
    entry = log / "00000000000000000000.json"
    entry.symlink_to(entry.name)  # a link to itself
    with pytest.raises(StoreError, match="Too many levels of symbolic links") as raised:
        Book(str(tmp_path)).rows("SELECT 1", "usage")
    assert "[31m" not in raised.value.message
    assert raised.value.message.isprintable()
