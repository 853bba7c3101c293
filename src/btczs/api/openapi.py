"""The documentation of the API in the OpenAPI 3.1 format, made from the route table."""

import re
from collections.abc import Iterable
from typing import Any

from btczs import __version__
from btczs.api.params import Param
from btczs.api.routing import Route

ERROR_SCHEMA = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {"type": "string", "description": "A stable code."},
        "message": {"type": "string", "description": "For people; may change."},
    },
}


def make_openapi(routes: Iterable[Route], network_name: str) -> dict[str, Any]:
    """One operation per route, in plain JSON values."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"btczs, {network_name}",
            "version": __version__,
            "description": "Layer 2 of BitcoinZ, in the shapes of the Stacks API. Amounts are "
            "base units (1e-8) as decimal text; hashes are hexadecimal with 0x unless said.",
        },
        "paths": paths,
        "components": {"schemas": {"Error": ERROR_SCHEMA}},
    }


def _operation(route: Route) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "summary": route.summary,
        "operationId": _operation_id(route),
        "tags": [_tag(route.path)],
        "parameters": [_parameter(param) for param in route.params],
        "responses": {
            "200": {"description": route.answer},
            "default": {
                "description": "Refused or failed.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
    }
    if route.body is not None:
        shown["requestBody"] = {"content": route.body}
    return shown


def _parameter(param: Param) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": param.name,
        "in": param.where,
        "required": param.required or param.where == "path",
        "description": param.description,
        "schema": param.schema,
    }
    if param.repeated:
        shown |= {"style": "form", "explode": False}
    return shown


def _operation_id(route: Route) -> str:
    words = re.findall(r"[a-z0-9]+", route.path.lower().replace("{", "by_"))
    return "_".join([route.method.lower(), *words])


def _tag(path: str) -> str:
    """The first word that is neither a version nor a parameter."""
    words = [word for word in path.split("/") if word and "{" not in word]
    named = [word for word in words if word != "extended" and not re.fullmatch(r"v\d", word)]
    return named[0] if named else "status"
