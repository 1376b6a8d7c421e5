"""``billfold accounts``: what is configured, and never a token."""

import csv
import io
import json


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_accounts_shows_where_tokens_come_from_and_never_a_token(
    billfold, tmp_path, mocked
) -> None:
    (tmp_path / "billfold.toml").write_text(
        """
        [[accounts]]
        name = "env"
        provider = "harmont"
        org = "acme"
        [[accounts]]
        name = "file"
        provider = "aether"
        token_file = "aether.token"
        [[accounts]]
        name = "command"
        provider = "latitude"
        projects = ["proj_1"]
        token_command = ["pass", "s3cret"]
        [[accounts]]
        name = "ring"
        provider = "harmont"
        token_keyring = "ci/bot"
        base_url = "https://harmont.example/root"
        requests_per_minute = 7
        """
    )
    table = billfold("--config", "billfold.toml", "accounts")
    written = json.loads(billfold("--config", "billfold.toml", "accounts", "--format", "json").out)
    listed = rows(billfold("--config", "billfold.toml", "accounts", "--format", "csv").out)
    assert written["schema"] == "billfold.accounts/1"
    env, file, command, ring = written["accounts"]
    assert (env["token_from"], env["settings"]) == ("token_env HARMONT_TOKEN", {"org": "acme"})
    assert file["token_from"].endswith("aether.token")
    assert (command["token_from"], command["settings"]) == (
        "token_command pass",
        {"projects": ["proj_1"]},
    )
    assert (ring["token_from"], ring["base_url"]) == (
        "token_keyring ci/bot",
        "https://harmont.example/root",
    )
    assert listed[3]["requests_per_minute"] == "7"
    assert listed[2]["settings"] == '{"projects": ["proj_1"]}'
    assert "org = acme" in table.out
    assert "s3cret" not in table.out + json.dumps(written) + str(listed)
    assert mocked.sent() == []
