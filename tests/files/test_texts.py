"""Text is read as people save it."""

from pathlib import Path

import pytest

from billfold import ConfigError
from billfold.files import read_text


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"a\nb", "a\nb"), (b"\xef\xbb\xbfa\r\nb\r\n", "a\nb\n"), (b"", ""), (b"\xef\xbb\xbf", "")],
)
def test_text_is_read_as_windows_and_unix_save_it(
    tmp_path: Path, content: bytes, text: str
) -> None:
    (tmp_path / "x").write_bytes(content)
    assert read_text(tmp_path / "x") == text


def test_text_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "utf16").write_bytes("a".encode("utf-16"))
    for name, why in (
        ("utf16", "it is not UTF-8; save it as UTF-8"),
        (".", "Is a directory"),
        ("gone", "No such file or directory"),
        ("zero\0byte", "no file can have that name"),
        ("/dev/zero", "it is longer than 64 MiB"),
    ):
        with pytest.raises(ConfigError, match=f"cannot be read: {why}$"):
            read_text(tmp_path / name)
