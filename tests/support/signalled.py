"""A signal for this process while a command runs in it."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def when(ready: Callable[[], bool], number: signal.Signals) -> Iterator[None]:
    """Send this process a signal, once something is so."""

    def send() -> None:
        while not ready():
            time.sleep(0.01)
        os.kill(os.getpid(), number)

    sender = threading.Thread(target=send)
    sender.start()
    yield
    sender.join()
