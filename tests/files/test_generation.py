"""A folder's files are replaced all or none, whatever fails, and whenever the process is killed."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from billfold import ConfigError
from billfold.files import Generation
from billfold.files.locks import locked
from files.faults import faults
from files.generations import SEAL, own_names, recover, rows, seal_of, switch, whole
from support.programs import started

PROGRAM = [sys.executable, "-m", "files.generations"]
TESTS = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}


def test_one_generation_replaces_the_other(tmp_path: Path) -> None:
    out = tmp_path / "new/out"
    for number in (1, 2, 3):
        switch(out, number)
        assert (rows(out), own_names(out)) == (whole(number), [])


def test_a_call_that_fails_leaves_the_old_files_whole(tmp_path: Path) -> None:
    for call in range(1, 1000):
        out = tmp_path / str(call)
        switch(out, 1)
        with faults(out, first=call, last=call) as happened:
            try:
                switch(out, 2)
            except OSError:
                assert rows(out) == whole(1)
            except ConfigError:
                assert rows(out) == whole(1)
            else:
                assert rows(out) == whole(2)
        recover(out)
        assert own_names(out) == []
        if not happened.happened:
            break
    assert call > 20


@pytest.mark.parametrize("creating_only", [True, False])
def test_a_disk_that_stays_full_or_read_only_is_whole_as_soon_as_it_can_be_written(
    tmp_path: Path, creating_only: bool
) -> None:
    for call in range(1, 1000):
        out = tmp_path / str(call)
        switch(out, 1)
        with faults(out, first=call, creating_only=creating_only) as happened:
            try:
                switch(out, 2)
            except (OSError, ConfigError):
                shown = rows(out)
                assert str(SEAL) not in shown or shown in (whole(1), whole(2))
                if creating_only:  # a full disk lets files be renamed and removed
                    assert shown == whole(1)
        recover(out)
        assert (rows(out) in (whole(1), whole(2)), own_names(out)) == (True, [])
        if not happened.happened:
            break
    assert call > 5


def test_killed_at_any_call_the_seal_describes_its_files_and_the_next_run_ends_what_was_begun(
    tmp_path: Path,
) -> None:
    subprocess.run([*PROGRAM, "kill", str(tmp_path)], env=TESTS, check=True, timeout=600)
    folders = list(tmp_path.iterdir())
    assert len(folders) > 30
    for out in folders:
        shown = rows(out)
        assert str(SEAL) not in shown or shown in (whole(1), whole(2))
        recover(out)
        assert (rows(out) in (whole(1), whole(2)), own_names(out)) == (True, [])


def test_killed_at_random_moments_it_is_whole_after_the_next_run(tmp_path: Path) -> None:
    chance = random.Random(13)
    for turn in range(12):
        number = 1 + 1000 * turn
        writing = subprocess.Popen([*PROGRAM, "write", str(tmp_path), str(number)], env=TESTS)
        while seal_of(tmp_path) <= number:
            time.sleep(0.005)
        time.sleep(chance.random() / 20)
        writing.kill()
        writing.wait()
        shown = rows(tmp_path)
        assert str(SEAL) not in shown or shown == whole(int(shown[str(SEAL)]))
        recover(tmp_path)
        assert (rows(tmp_path), own_names(tmp_path)) == (whole(seal_of(tmp_path)), [])


def test_two_runs_at_once_switch_one_after_the_other(tmp_path: Path) -> None:
    seen: set[bool] = set()
    until = time.monotonic() + 300
    with (
        started([*PROGRAM, "write", str(tmp_path), "1"], env=TESTS) as one,
        started([*PROGRAM, "write", str(tmp_path), "100000"], env=TESTS) as other,
    ):
        while len(seen) < 2 and time.monotonic() < until:
            with locked(tmp_path):
                number = seal_of(tmp_path)
                assert not number or rows(tmp_path) == whole(number)
                seen.add(number >= 100_000)
            time.sleep(0.005)  # else it would leave the folder to nobody
        assert (one.poll(), other.poll()) == (None, None)
    assert seen == {True, False}


def test_a_run_that_goes_on_is_not_swept_by_another(tmp_path: Path) -> None:
    first = Generation(tmp_path, SEAL)
    second = Generation(tmp_path, SEAL)
    (first.path / "rows.csv").write_text("1")
    second.discard()
    (first.path / SEAL).write_text("1")
    with first.locked():
        first.switch([Path("rows.csv"), SEAL], [])
    assert rows(tmp_path) == {"rows.csv": "1", "seal.json": "1"}


def test_a_folder_that_somebody_holds_for_long_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(ConfigError, match="is being written by another export"),
        locked(tmp_path, seconds=0.1),
    ):
        pass


def test_new_files_and_folders_are_private_and_replaced_ones_stay_as_they_are(
    tmp_path: Path,
) -> None:
    out = tmp_path / "a/out"
    switch(out, 1)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "a").rglob("*") if path.is_dir()}
    assert (modes, (tmp_path / "a").stat().st_mode & 0o777) == ({0o700}, 0o700)
    assert {(out / path).stat().st_mode & 0o777 for path in rows(out)} == {0o600}
    out.chmod(0o755)
    for path in rows(out):
        (out / path).chmod(0o644)
    switch(out, 3)
    # What was not there before is as open as the seal, and the folder.
    assert {(out / path).stat().st_mode & 0o777 for path in rows(out)} == {0o644}
    assert (out / "rows/part=3").stat().st_mode & 0o777 == 0o755


def test_a_folder_that_a_stranger_links_elsewhere_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    switch(out, 1)
    elsewhere.mkdir()
    (out / "rows/part=5").symlink_to(elsewhere)
    if os.geteuid() == 0:
        os.lchown(out / "rows/part=5", 54321, 54321)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(ConfigError, match="part=5 is a link of another user"):
        switch(out, 5)
    assert list(elsewhere.iterdir()) == []
    assert rows(out) == whole(1)


def test_what_a_killed_run_left_and_what_others_put_there_do_not_stop_the_next(
    tmp_path: Path,
) -> None:
    os.mkfifo(tmp_path / ".billfold-pipe")  # to open it would wait for its writer
    (tmp_path / ".billfold-link").symlink_to(tmp_path)
    (tmp_path / ".billfold-l3ft_abc/new").mkdir(parents=True)
    (tmp_path / ".billfold-l3ft_abc/new/rows.csv").write_text("half")
    switch(tmp_path, 1)
    assert rows(tmp_path) == whole(1)
    assert sorted(own_names(tmp_path)) == [".billfold-link", ".billfold-pipe"]


def test_what_another_user_has_not_finished_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = tmp_path / ".billfold-switching"
    (planted / "new").mkdir(parents=True)
    (planted / "new/rows.csv").write_text("theirs")
    if os.geteuid() == 0:
        os.chown(planted, 54321, 54321)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(ConfigError, match="switching is of another user, whose export was"):
        switch(tmp_path, 1)
    assert rows(tmp_path) == {}


def planted(out: Path, name: str, journal: str) -> Path:
    """Put into a folder what an interrupted switch looks like, as a clone may bring it along."""
    root = out / name
    (root / "new").mkdir(parents=True)
    (root / "old").mkdir()
    (root / "journal.json").write_text(journal)
    return root


@pytest.mark.parametrize("name", [".billfold-switching", ".billfold-undoing"])
@pytest.mark.parametrize(
    "path", ["../precious", "{elsewhere}/precious", "link/precious", "linked", "a\\u0000b", "."]
)
def test_what_looks_like_an_interrupted_switch_touches_nothing_outside_of_its_folder(
    tmp_path: Path, name: str, path: str
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    out = tmp_path / "out"
    path = path.format(elsewhere=tmp_path)
    planted(out, name, f'{{"added": ["{path}"], "gone": ["{path}"]}}')
    (out / "link").symlink_to(tmp_path)
    (out / "linked").symlink_to(precious)
    with pytest.raises(ConfigError, match=f"{name} is an export that was interrupted"):
        switch(out, 1)
    assert (precious.read_text(), rows(out).keys() & {"rows.csv", "seal.json"}) == ("mine", set())


@pytest.mark.parametrize(
    ("name", "half"), [(".billfold-switching", "new"), (".billfold-undoing", "old")]
)
@pytest.mark.parametrize("path", ["link/precious", "linked"])
def test_what_looks_like_an_interrupted_switch_writes_through_no_link(
    tmp_path: Path, name: str, half: str, path: str
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    out = tmp_path / "out"
    file = planted(out, name, '{"added": [], "gone": []}') / half / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("theirs")
    (out / "link").symlink_to(tmp_path)
    (out / "linked").symlink_to(precious)
    with pytest.raises(ConfigError, match="remove it, and export again"):
        switch(out, 1)
    assert precious.read_text() == "mine"


def test_files_of_another_folder_are_not_moved_in_by_a_link_among_the_new_ones(
    tmp_path: Path,
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/precious").write_text("mine")
    root = planted(tmp_path / "out", ".billfold-switching", '{"added": [], "gone": []}')
    (root / "new").rmdir()
    (root / "new").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="remove it, and export again"):
        switch(tmp_path / "out", 1)
    assert (tmp_path / "elsewhere/precious").read_text() == "mine"


@pytest.mark.parametrize("journal", ["[1]", "{}", '{"added": [1]}', "", "[" * 100_000, "\udcff"])
def test_a_damaged_journal_is_a_sentence(tmp_path: Path, journal: str) -> None:
    root = planted(tmp_path, ".billfold-switching", "")
    (root / "journal.json").write_bytes(journal.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError):
        switch(tmp_path, 1)


def test_a_pipe_in_place_of_a_journal_is_not_waited_for(tmp_path: Path) -> None:
    root = planted(tmp_path, ".billfold-switching", "")
    (root / "journal.json").unlink()
    os.mkfifo(root / "journal.json")
    with pytest.raises(ConfigError, match="remove it, and export again"):
        switch(tmp_path, 1)


def test_what_a_person_keeps_in_the_folder_under_such_a_name_stays(tmp_path: Path) -> None:
    kept = [".billfold-notes", ".billfold-settings", ".billfold-backup-2026", ".billfold-done-x"]
    for name in kept:
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_text("mine")
    (tmp_path / ".billfold-settings/new").mkdir()
    switch(tmp_path, 1)
    assert sorted(own_names(tmp_path)) == sorted(kept)
    assert {(tmp_path / name / "notes.txt").read_text() for name in kept} == {"mine"}
