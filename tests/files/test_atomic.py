"""Files are written atomically, behind links too; what is not a file stays as it is."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from billfold import ConfigError
from billfold.files import atomic_write, writable_path


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


def as_stranger(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a link another user's: really where root runs this, else by being another oneself."""
    if os.geteuid() == 0:
        os.lchown(path, 54321, 54321)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 54321)


def test_a_link_of_another_user_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "precious").write_text("old")
    (tmp_path / "planted").symlink_to("precious")
    (tmp_path / "mine").symlink_to("planted")
    as_stranger(tmp_path / "planted", monkeypatch)
    for name in ("planted", "mine"):
        with (
            pytest.raises(ConfigError, match="planted is a link of another user"),
            atomic_write(tmp_path / name),
        ):
            pass
    assert (tmp_path / "precious").read_text() == "old"


def test_a_replaced_file_keeps_its_mode_and_owner_and_a_new_one_is_private(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("old")
    old.chmod(0o664)
    if os.geteuid() == 0:
        os.chown(old, 54321, 54321)
    owner = (old.stat().st_uid, old.stat().st_gid)
    for path in (old, new):
        with atomic_write(path) as writing:
            writing.write(b"x")
    assert (old.stat().st_mode & 0o777, new.stat().st_mode & 0o777) == (0o664, 0o600)
    assert (old.stat().st_uid, old.stat().st_gid) == owner


def test_what_a_killed_run_left_is_removed_by_the_next_and_a_running_one_is_left_alone(
    tmp_path: Path,
) -> None:
    target = tmp_path / "x[1].pdf"
    program = (
        "import os, signal, sys; from pathlib import Path; from billfold.files import atomic_write\n"
        "with atomic_write(Path(sys.argv[1])) as file:\n"
        "    file.write(b'half'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(target)], check=False)
    assert len(list(tmp_path.iterdir())) == 1
    with atomic_write(target) as first:
        first.write(b"first")
        with atomic_write(target) as second:
            second.write(b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [
        ("x[1].pdf", b"first")
    ]
