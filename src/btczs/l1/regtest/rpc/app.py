"""The node's JSON-RPC over HTTP, as an ASGI application: password, size limit, worker threads."""

import asyncio
import base64
import binascii
import hmac

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc.dispatch import handle_body
from btczs.primitives import InvalidInput

BODY_BYTES_MAX = 10_000_000
"""A block of twice the largest size as hex, and the rest of the request."""

AUTHORIZATION_CHARACTERS_MAX = 4096
REFUSAL_DELAY_S = 0.25
"""As the real node: makes guessing the password slow."""

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]


def create_rpc_app(node: RegtestNode, user: str, password: str) -> Starlette:
    """The application. Raises `InvalidInput` for an empty password: there is no open mode."""
    if not user or not password or ":" in user:
        raise InvalidInput("the RPC needs a user (without ':') and a password")
    expected = f"{user}:{password}".encode()

    async def serve(request: Request) -> Response:
        if request.method != "POST":
            return PlainTextResponse("JSONRPC server handles only POST requests", 405)
        if not is_authorized(request.headers.get("authorization"), expected):
            await asyncio.sleep(REFUSAL_DELAY_S)
            return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="jsonrpc"'})
        try:
            body = await _read_body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return PlainTextResponse("the request is too large", 413)
        status, reply = await run_in_threadpool(handle_body, node, body)
        return Response(reply, status, media_type="application/json")

    return Starlette(routes=[Route("/", serve, methods=METHODS)])


def is_authorized(header: str | None, expected: bytes) -> bool:
    """Whether a basic Authorization header carries `user:password`, in constant time."""
    if header is None or len(header) > AUTHORIZATION_CHARACTERS_MAX:
        return False
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        given = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(given, expected)


async def _read_body(request: Request) -> bytes | None:
    """The body, or None once it exceeds the limit (the rest is not read)."""
    parts = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_BYTES_MAX:
            return None
        parts.append(part)
    return b"".join(parts)
