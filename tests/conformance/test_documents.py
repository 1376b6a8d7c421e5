"""A document comes whole or fails by name, whatever goes wrong.

The kit reads records only, and documents are bytes.
"""

import asyncio

import pytest

from billfold import Billfold
from billfold.errors import ProviderError
from billfold.simulators.faults import named
from billfold.testing import Subject
from billfold.testing.laws.faults import EXPECTATIONS
from support.counting import count

# What changes JSON or lists, or stands before its text, leaves a PDF as it is. Half of one under its right length is still
# bytes, and not noticed.
FAULTS = [
    name
    for name, expectation in EXPECTATIONS.items()
    if not expectation.pages and name not in ("cut", "new-fields", "marked")
]
# Seconds that a busy machine may be late; a slow answer takes longer than that.
MACHINE = 4.0


async def read(fold: Billfold, deadline: float | None = None) -> bytes:
    chunks = [chunk async for chunk in fold.document("cloud", "79197348", deadline=deadline)]
    return b"".join(chunks)


@pytest.mark.parametrize("name", FAULTS)
async def test_a_document_comes_whole_or_fails_by_name_in_time(name: str) -> None:
    expected = EXPECTATIONS[name]
    with Subject.installed("bnerd").serve() as harness:
        async with harness.fold() as fold:
            document = await read(fold)
            harness.inject(named(name).effect, at="/download")
            began = asyncio.get_running_loop().time()
            try:
                answer: bytes | ProviderError = await read(fold, expected.deadline)
            except ProviderError as error:
                answer = error
            seconds = asyncio.get_running_loop().time() - began
    assert answer == document or isinstance(answer, expected.errors)
    assert seconds < expected.deadline + MACHINE
    count("faults injected while a document is read")
