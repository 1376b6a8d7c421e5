"""Fuzz an adapter, guided by coverage: ``python fuzz/target.py PROVIDER [SECONDS]``.

The first byte chooses the endpoint, the rest is its reply. What is misread is written to
``tests/tools/fuzz``, where it stays as a test; of findings that read alike only the first. The
corpus grows in ``.fuzz``.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import atheris

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

OURS = ["billfold", "billfold_aether", "billfold_bnerd", "billfold_harmont", "billfold_latitude"]
with atheris.instrument_imports(include=OURS):
    for package in OURS:
        importlib.import_module(package)
    from support.endpoints import READ, Endpoint, read

from mutator import mutated  # noqa: E402 - it imports what has to be instrumented first

from billfold.simulators.json_text import parse, write  # noqa: E402 - as above
from support.judging import wrong  # noqa: E402 - as above

LONGEST = 8192


def main(provider: str, seconds: int) -> None:
    """Run one target; libFuzzer ends the process."""
    endpoints = [endpoint for endpoint in READ if endpoint.provider == provider]
    corpus = ROOT / ".fuzz" / provider
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(endpoints)):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = ROOT / ".fuzz" / f"{provider}.dict"
    words.write_text("\n".join(f'"\\"{word}\\":"' for word in sorted(keys(provider))) + "\n")
    loop = asyncio.new_event_loop()
    known: set[str] = set()

    def try_body(data: bytes) -> None:
        if not data:
            return
        endpoint, body = endpoints[data[0] % len(endpoints)], data[1:]
        finding = misreading(endpoint, body, loop)
        if finding is None:
            return
        key = f"{endpoint}: {without_details(finding)}"
        if key not in known:
            known.add(key)
            print(f"FOUND {keep(endpoint, body)}: {finding}", flush=True)

    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        "-timeout=20",
        f"-dict={words}",
        "-print_final_stats=1",
    ]
    atheris.Setup(
        [sys.argv[0], *options, f"-artifact_prefix={ROOT / '.fuzz'}/", str(corpus)],
        try_body,
        custom_mutator=mutated,
    )
    atheris.Fuzz()


def misreading(endpoint: Endpoint, body: bytes, loop: asyncio.AbstractEventLoop) -> str | None:
    """Return what is wrong with how a body is read, or None; any exception is wrong."""
    try:
        answer = loop.run_until_complete(read(endpoint, body))
        findings: list[str] = wrong(endpoint, body, answer)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        return f"{type(error).__name__}: {error}"
    return findings[0] if findings else None


def without_details(finding: str) -> str:
    """Leave out what differs between findings of one bug: numbers, and what is quoted."""
    return re.sub(r"\{.*?\}|`.*?`|'.*?'|\d+", "", finding)[:60]


def keep(endpoint: Endpoint, body: bytes) -> str:
    """Write a finding where ``tests/tools/fuzz/test_findings.py`` looks, and return its path."""
    name = f"{hashlib.sha256(body).hexdigest()[:12]}.body"
    file = ROOT / "tests" / "tools" / "fuzz" / endpoint.folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
    return str(file.relative_to(ROOT))


def seeds(endpoints: Sequence[Endpoint]) -> Iterator[bytes]:
    """Yield every documented reply for every endpoint, mended as that endpoint needs it."""
    for number, endpoint in enumerate(endpoints):
        for file in sorted((ROOT / "tests" / "adapters" / endpoint.provider).glob("*.json")):
            tree = parse(file.read_bytes())
            with contextlib.suppress(Exception):  # a reply of another endpoint
                tree = endpoint.sensible(tree)
            yield bytes([number]) + write(tree).encode()


def keys(provider: str) -> set[str]:
    """Return the keys of the documented replies."""
    names: set[str] = set()

    def collect(pairs: list[tuple[str, Any]]) -> None:
        names.update(key for key, _ in pairs if key.isidentifier())

    for file in (ROOT / "tests" / "adapters" / provider).glob("*.json"):
        json.loads(file.read_bytes(), object_pairs_hook=collect)
    return names


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 60)
