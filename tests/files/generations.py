"""Runs that replace a folder's files over and over: ``python -m files.generations``."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from billfold.files import Generation
from files.faults import faults

SEAL = Path("seal.json")


def files_of(number: int) -> list[Path]:
    """Return what an export has: a file that is replaced, one that comes and goes, a new one."""
    sometimes = [Path("rows/part=2/a.csv")] if number % 2 else []
    return [Path("rows.csv"), *sometimes, Path(f"rows/part={number}/b.csv")]


def switch(out: Path, number: int) -> None:
    """Write the files of a number and remove those of the one before."""
    generation = Generation(out, SEAL)
    try:
        new = files_of(number)
        for path in (*new, SEAL):
            (generation.path / path).parent.mkdir(parents=True, exist_ok=True)
            (generation.path / path).write_text(str(number))
        with generation.locked():
            before = files_of(seal_of(out)) if seal_of(out) else []
            generation.switch([*new, SEAL], set(before) - set(new))
    except BaseException:
        generation.discard()
        raise


def recover(out: Path) -> None:
    """Begin a run that writes nothing."""
    Generation(out, SEAL).discard()


def seal_of(out: Path) -> int:
    try:
        return int((out / SEAL).read_text())
    except FileNotFoundError:
        return 0


def rows(out: Path) -> dict[str, str]:
    """Return what the files hold, but for what a run keeps of its own."""
    places = [path for path in out.iterdir() if not path.name.startswith(".")]
    files = [file for path in places for file in (path, *path.rglob("*")) if file.is_file()]
    return {str(file.relative_to(out)): file.read_text() for file in files}


def whole(number: int) -> dict[str, str]:
    """Return what the files of a number hold."""
    return {str(path): str(number) for path in (*files_of(number), SEAL)}


def own_names(out: Path) -> list[str]:
    return [path.name for path in out.glob(".*")]


def kill_at_each_call(folder: Path) -> None:
    """Replace 1 by 2 in many folders, each killed one call later, until none is left to kill."""
    for call in range(1, 1000):
        out = folder / str(call)
        switch(out, 1)
        child = os.fork()
        if not child:
            with faults(out, first=call, kill=True):
                switch(out, 2)
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            return


if __name__ == "__main__":
    task, where = sys.argv[1], Path(sys.argv[2])
    if task == "kill":
        kill_at_each_call(where)
    for following in range(int(sys.argv[3]), 1_000_000) if task == "write" else ():
        switch(where, following)
        time.sleep(0.03)  # as real runs, they leave the folder to others now and then
