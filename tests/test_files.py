"""Files are written atomically, behind links too; what is not a file stays as it is."""

import os
import re
from pathlib import Path

import pytest

from billfold import ConfigError
from billfold.files import atomic_write, read_text, writable_path


def test_a_file_is_replaced_only_by_a_block_that_ends_well(tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    with atomic_write(file) as writing:
        writing.write(b"new")
        assert not file.exists()
    assert file.read_bytes() == b"new"
    interrupted = atomic_write(file)
    interrupted.__enter__().write(b"half")
    assert interrupted.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None) is False
    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


def test_a_full_disk_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    with (
        pytest.raises(ConfigError, match=r"x\.pdf cannot be written: No space left"),
        atomic_write(file),
    ):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_a_link(tmp_path: Path, exists: bool) -> None:
    (tmp_path / "link.pdf").symlink_to("real.pdf")
    if exists:
        (tmp_path / "real.pdf").write_text("old")
    with atomic_write(tmp_path / "link.pdf") as writing:
        writing.write(b"x")
    assert (tmp_path / "link.pdf").is_symlink()
    assert (tmp_path / "real.pdf").read_bytes() == b"x"


@pytest.mark.parametrize("linked", [False, True])
def test_what_is_not_a_file_is_refused_and_stays(tmp_path: Path, linked: bool) -> None:
    pipe, folder, loop = tmp_path / "pipe", tmp_path / "folder", tmp_path / "loop"
    os.mkfifo(pipe)
    folder.mkdir()
    loop.symlink_to("loop")
    for path in (pipe, folder, loop):
        target = tmp_path / f"to-{path.name}" if linked else path
        if linked:
            target.symlink_to(path)
        with pytest.raises(
            ConfigError,
            match=re.escape(f"{target} is not a file: name a file to replace or to create"),
        ):
            writable_path(target)
    assert (pipe.is_fifo(), folder.is_dir(), loop.is_symlink()) == (True, True, True)


def test_a_pipe_that_only_the_kernel_can_follow_is_refused() -> None:
    reading, writing = os.pipe()
    with (
        os.fdopen(reading),
        os.fdopen(writing, "w"),
        pytest.raises(ConfigError, match="is not a file"),
    ):
        writable_path(Path(f"/dev/fd/{writing}"))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("gone/x")
    for name, folder in (("none/x", "none"), ("link", "gone")):
        with pytest.raises(ConfigError, match=f"{name}: the folder .*{folder} does not exist"):
            writable_path(tmp_path / name)


def test_a_name_that_is_too_long_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written: File name too long"):
        writable_path(tmp_path / ("x" * 300))


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
    ):
        with pytest.raises(ConfigError, match=f"cannot be read: {why}$"):
            read_text(tmp_path / name)
