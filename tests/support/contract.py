"""Check replies against a provider's OpenAPI slice."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SLICES = Path(__file__).parent.parent / "contracts"


@cache
def slice_of(provider: str) -> dict[str, Any]:
    return yaml.safe_load((SLICES / f"{provider}.openapi.yaml").read_text("utf-8"))


def operations(provider: str) -> set[tuple[str, str]]:
    """List every (METHOD, path template) of a slice."""
    methods = {"get", "post", "put", "delete"}
    return {
        (m.upper(), path)
        for path, item in slice_of(provider)["paths"].items()
        for m in item
        if m in methods
    }


def violations(
    provider: str, method: str, path: str, status: int, media_type: str, body: bytes
) -> list[str]:
    """List what in a reply is not as the slice says.

    The status, the media type, or fields of the body.
    """
    from jsonschema import Draft202012Validator  # seconds of grammars, for those who validate

    document = slice_of(provider)
    responses = document["paths"][path][method.lower()]["responses"]
    if str(status) not in responses:
        return [f"{method} {path}: status {status} is not in the slice"]
    described = resolved(document, responses[str(status)])
    content = described.get("content")
    if content is None:
        return [] if not body else [f"{method} {path} {status}: a body where the slice has none"]
    if media_type not in content:
        return [f"{method} {path} {status}: media type {media_type}, not {', '.join(content)}"]
    if not media_type.endswith("json"):
        return []
    schema = {**content[media_type]["schema"], "components": document["components"]}
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [
        f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(body))
    ]


def resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    for step in node["$ref"].removeprefix("#/").split("/"):
        document = document[step]
    return document
