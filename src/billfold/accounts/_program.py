"""A program that prints a token: started alone, and ended with all that it started."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock

from msgspec import Struct, field

# Seconds between two looks at whether a program that prints nothing has ended.
_LOOK = 0.02
# Seconds that one which was killed has to go; what waits for a broken disk goes later.
_GONE = 1


class Program(Struct, eq=False):
    """One run of a program, without a shell and without standard input.

    It has a session, and with it a process group, of its own: no terminal to ask at, and what it
    starts ends with it. On Windows only the program itself is ended.
    """

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    most: int
    _process: subprocess.Popen[bytes] | None = None
    _ended: bool = False
    _lock: Lock = field(default_factory=Lock)

    def run(self) -> tuple[bytes, int | None]:
        """Return what it prints, ``most`` bytes and one at most, and its exit code.

        Blocks. Raises OSError or ValueError for a program that cannot be run.
        """
        process = self._start()
        assert process.stdout is not None
        try:
            with process.stdout as printed:
                if os.name == "posix":
                    output = _read(process, printed.fileno(), self.most + 1)
                else:
                    output = printed.read(self.most + 1)
            if len(output) <= self.most:
                _wait(process)
        finally:
            self.end()
        return output, process.returncode

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            self.arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=dict(self.environment),
            start_new_session=True,
        )
        with self._lock:
            self._process = process
            late = self._ended
        if late:
            self.end()
        return process

    def end(self) -> None:
        """End the program and what it started, or has yet to start. May be called from anywhere."""
        with self._lock:
            process, self._process = self._process, None
            self._ended = True
        if process is not None:
            # Before its end is taken note of: until then no other program can have its number.
            _kill(process)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_GONE)


def _read(process: subprocess.Popen[bytes], descriptor: int, most: int) -> bytes:
    """Return what is printed before the program ends: what it started may hold on for longer."""
    output = b""
    os.set_blocking(descriptor, False)
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while len(output) < most:
            over = _has_ended(process)  # asked first: what is there then is all of it
            if selector.select(0 if over else _LOOK):
                chunk = os.read(descriptor, most - len(output))
                output += chunk
                if not chunk:
                    break
            elif over:
                break
    return output


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    if not hasattr(os, "waitid"):
        return process.poll() is not None
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _wait(process: subprocess.Popen[bytes]) -> None:
    if not hasattr(os, "waitid"):
        process.wait()
        return
    with suppress(ChildProcessError):
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
