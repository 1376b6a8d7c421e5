"""An organization names the same charges in whichever letter case it is configured."""

from typing import Any

import pytest
from attrs import fields_dict

from billfold import Stream
from billfold.simulators.serving import Sample, installed_simulators
from billfold.testing.harness import Case, Subject
from billfold.testing.rules import charges

# Latitude.sh's projects are configured by ids that have a case, and charges have those of replies.
OF_ORGANIZATIONS = [
    name for name in installed_simulators() if "org" in fields_dict(Subject.installed(name).adapter)
]


@pytest.mark.parametrize("provider", OF_ORGANIZATIONS)
async def test_a_charge_has_one_id_in_whichever_case_its_organization_is_configured(
    provider: str,
) -> None:
    case, subject = Case(Stream.USAGE), Subject.installed(provider)
    with subject.serve() as harness:
        answer = await harness.read(case)
        whose = {usage.account: usage.billing_account_id for usage in answer}

        async def read(spelled: Any) -> list[str]:
            harness.simulation.samples = tuple(
                Sample(each.name, each.token, {**each.settings, "org": spelled(whose[each.name])})
                for each in samples
                if each.name in whose
            )
            return [charge.id for charge in charges(await harness.read(case))]

        samples = harness.simulation.samples
        lower, upper = await read(str.lower), await read(str.upper)
    assert lower
    # Harmont's slugs are in lower case, and in another they name nobody.
    assert upper in ([], lower) if provider == "harmont" else upper == lower
