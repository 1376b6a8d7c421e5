"""What `make fuzz` found once is read again.

<provider>/<endpoint>/<what is odd>.body, in this folder, holds a reply of that endpoint.
"""

from pathlib import Path

import pytest

from support.endpoints import READ, reading
from support.judging import wrong

HERE = Path(__file__).parent
FINDINGS = sorted(str(file.relative_to(HERE)) for file in HERE.rglob("*.body"))
ENDPOINTS = {endpoint.folder: endpoint for endpoint in READ}


def test_there_are_findings_and_no_two_endpoints_share_a_folder() -> None:
    assert FINDINGS
    assert len(ENDPOINTS) == len(READ)


@pytest.mark.parametrize("name", FINDINGS)
def test_a_body_that_was_misread_once_is_understood_or_refused_by_name(name: str) -> None:
    folder = str(Path(name).parent)
    assert folder in ENDPOINTS, (
        f"tests/tools/fuzz/{folder} names no endpoint; there are {', '.join(sorted(ENDPOINTS))}"
    )
    body = (HERE / name).read_bytes()
    assert wrong(ENDPOINTS[folder], body, reading(ENDPOINTS[folder], body)) == []
