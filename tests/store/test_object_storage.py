"""A store in a bucket, against a local server of S3: conditional writes, several writers."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from billfold import State
from billfold.store.book import Book
from store.world import MID_NOVEMBER, MID_OCTOBER, OCTOBER, World, charge, whole
from support.programs import started

TESTS = Path(__file__).parents[1]
WRITERS, ROUNDS = 3, 2
# Each writer restates an account of its own, and all of them read one account that they share.
WRITER = """
import asyncio, sys
from datetime import timedelta
from store.world import MID_OCTOBER, OCTOBER, Script, World, charge, usage
from billfold.adapter import Reading

url, number, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

def stated(name, cost):
    whose = {"billing_account_id": name}
    return Script([Reading((usage(charge(name, cost), **whose),), OCTOBER)])

async def main():
    world = World(url)
    for round in range(rounds):
        world.scripts = {
            f"own-{number}": stated(f"own-{number}", f"{number}.{round}1"),
            "shared": stated("shared", f"{100 + round}.5"),
        }
        await world.sync(MID_OCTOBER + timedelta(hours=round))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a server of S3 on a free port, and give its URL, which it prints."""
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    printed = tmp_path_factory.mktemp("s3") / "printed"
    with (
        printed.open("wb") as out,
        started(command, stdout=out, stderr=out) as server,
    ):
        while not (
            found := re.search(r"Running on (http://127\.0\.0\.1:\d+)", printed.read_text())
        ):
            assert server.poll() is None, printed.read_text()
            time.sleep(0.05)
        yield found[1]


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Make a bucket, and set the environment that names its server."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "writer",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    name = tmp_path.name.replace("_", "-").lower().strip("-")[-40:].strip("-")
    urlopen(Request(f"{s3}/{name}", method="PUT")).close()
    return f"s3://{name}/billfold"


async def test_a_bucket_keeps_what_a_folder_keeps(bucket: str) -> None:
    world = World(bucket)
    world.script.usage = whole(charge("a", "10.50"), charge("b", "2.00"))
    await world.sync(MID_OCTOBER)
    world.script.usage = whole(charge("a", "11.75"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert await world.total() == "11.75 EUR"
    assert await world.total(as_of=MID_OCTOBER) == "12.50 EUR"
    assert await world.state() == (State.COMPLETE, None)


def test_several_writers_at_once_lose_nothing_and_count_nothing_twice(bucket: str) -> None:
    command = [sys.executable, "-c", WRITER, bucket]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    writers = [
        subprocess.Popen([*command, str(number), str(ROUNDS)], env=environment)
        for number in range(WRITERS)
    ]
    assert [writer.wait(600) for writer in writers] == [0] * WRITERS
    sums = Book(bucket).rows(
        "SELECT account, CAST(SUM(cost) AS VARCHAR) AS cost, SUM(sign) AS stand FROM usage "
        "WHERE row = 'charge' GROUP BY account ORDER BY account",
        "usage",
    )
    own = [("own-0", "0.11", 1), ("own-1", "1.11", 1), ("own-2", "2.11", 1)]
    assert [(row["account"], row["cost"].rstrip("0"), row["stand"]) for row in sums] == [
        *own,
        ("shared", "101.5", 1),
    ]
    (count,) = Book(bucket).rows("SELECT COUNT(*) AS rows FROM syncs", "syncs")
    assert count == {"rows": WRITERS * ROUNDS * 2}
