"""An export's folder is replaced whole or not at all, and every failure is a sentence."""

import asyncio
import fcntl
import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from billfold import ConfigError
from billfold.files.waiting import until_free
from files.faults import faults
from support.exports import names, written
from support.shop import Shop, charge, usage

OLD = Shop((usage(charge("1", "0.10")),))
NEW = Shop((usage(charge("1", "0.20"), charge("2", "0.30")),))


def state(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def total_of(folder: Path) -> str:
    return str(json.loads((folder / "focus-metadata.json").read_text())["usage_totals"]["EUR"])


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("options", [{}, {"file_format": "parquet"}, {"partition": True}])
@pytest.mark.parametrize("size", [0, 300, 20_000])
async def test_a_disk_that_is_full_is_a_sentence_and_leaves_the_old_export(
    tmp_path: Path, options: dict[str, Any], size: int
) -> None:
    await written(tmp_path, OLD, **options)
    before = state(tmp_path)
    rows = (charge(str(n), "0.01", resource_id=f"{n * 7919:x}" * 40) for n in range(9000))
    large = Shop((usage(*rows),))
    with disk_of(size), pytest.raises(ConfigError, match=r"cannot be written: .*File too large"):
        await written(tmp_path, large, **options)
    assert state(tmp_path) == before
    new = tmp_path / "new"
    with disk_of(size), pytest.raises(ConfigError, match="cannot be written"):
        await written(new, large, **options)
    assert not new.exists()


async def test_each_step_that_fails_is_a_sentence_and_leaves_old_metadata_beside_old_rows(
    tmp_path: Path,
) -> None:
    for call in range(1, 1000):
        out = tmp_path / str(call)
        await written(out, OLD)
        before, message = state(out), ""
        with faults(out, first=call, last=call) as happened:
            try:
                await written(out, NEW)
            except ConfigError as error:
                message = str(error)
        if message:
            assert message.endswith("cannot be written: No space left on device")
            assert state(out) == before
        else:  # nothing failed, or only what there is another way for
            assert total_of(out) == "0.50"
        if not happened.happened:
            break
    assert call > 20


async def test_exports_at_once_leave_one_of_them_whole(tmp_path: Path) -> None:
    await asyncio.gather(*(written(tmp_path, shop) for shop in (OLD, NEW, OLD, NEW)))
    rows = (tmp_path / "cost_and_usage.csv").read_text().count("\n") - 1
    assert (total_of(tmp_path), rows) in (("0.10", 1), ("0.50", 2))
    assert names(tmp_path) == ["billing_period.csv", "cost_and_usage.csv", "focus-metadata.json"]


async def test_exports_of_two_accounts_at_once_are_both_in_the_metadata(tmp_path: Path) -> None:
    second = Shop((usage(charge("2", "2", "b"), account="b"),))
    await asyncio.gather(
        *(written(tmp_path, OLD, second, accounts=[name], partition=True) for name in ("a", "b"))
    )
    files = json.loads((tmp_path / "focus-metadata.json").read_text())["files"]
    accounts = [file["path"] for file in files if file["dataset"] == "cost_and_usage"]
    assert len(accounts) == 2
    assert all((tmp_path / file["path"]).is_file() for file in files)


async def test_a_folder_that_another_export_holds_is_waited_for_while_the_loop_goes_on(
    tmp_path: Path,
) -> None:
    holder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    waiting = asyncio.create_task(written(tmp_path, Shop((usage(charge("1", "1")),))))
    for _ in range(20):
        await asyncio.sleep(0.01)
    assert not waiting.done()
    os.close(holder)
    done, _ = await waiting
    assert len(done.files) == 3


async def test_a_folder_that_stays_held_is_a_sentence(tmp_path: Path) -> None:
    holder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with pytest.raises(ConfigError, match="is being written by another export: run this one after"):
        await until_free(tmp_path, 0.1)
    os.close(holder)
