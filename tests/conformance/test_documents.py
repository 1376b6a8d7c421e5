"""A document comes whole or fails by name, whatever goes wrong.

The kit reads records only, and documents are bytes.
"""

import asyncio

import pytest

from billfold import Billfold
from billfold.errors import ProviderError
from billfold.simulators.faults import named
from billfold.testing import Subject
from billfold.testing.laws.faults import EXPECTATIONS, TOLERANCE
from support.counting import count

# What changes JSON or lists, or stands before its text, leaves a PDF as it is. Half of one under its right length is still
# bytes, and not noticed.
FAULTS = [
    name
    for name, expectation in EXPECTATIONS.items()
    if not expectation.pages and name not in ("cut", "new-fields", "marked")
]
DEADLINE = 1.0


async def read(fold: Billfold) -> bytes:
    chunks = [chunk async for chunk in fold.document("cloud", "79197348", deadline=DEADLINE)]
    return b"".join(chunks)


@pytest.mark.parametrize("name", FAULTS)
async def test_a_document_comes_whole_or_fails_by_name_in_time(name: str) -> None:
    with Subject.installed("bnerd").serve() as harness:
        async with harness.fold() as fold:
            document = await read(fold)
            harness.inject(named(name).effect, at="/download")
            began = asyncio.get_running_loop().time()
            try:
                answer: bytes | ProviderError = await read(fold)
            except ProviderError as error:
                answer = error
            seconds = asyncio.get_running_loop().time() - began
    assert answer == document or isinstance(answer, EXPECTATIONS[name].errors)
    assert seconds <= DEADLINE + TOLERANCE
    count("faults injected while a document is read")
