"""Routes as data: the table from which both the application and its documentation are made."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute

from btczs.api.errors import BadBody, BodyTimeout, BodyTooLarge, TooManyRequests, to_body, to_status
from btczs.api.jsontext import decode_json, encode_json
from btczs.api.params import Param, read_args
from btczs.api.service import ApiService
from btczs.primitives import BtczsError

log = logging.getLogger("btczs.api")


class Call:
    """One request: its checked arguments, and everything a handler may use."""

    __slots__ = ("args", "request", "service")

    def __init__(self, service: ApiService, request: Request, args: dict[str, Any]) -> None:
        self.service = service
        self.request = request
        self.args = args

    @property
    def client(self) -> str:
        """The network address of the client, for rate limits."""
        return self.request.client.host if self.request.client else "unknown"

    async def body(self, bytes_max: int | None = None) -> bytes:
        """The whole body. Raises `BodyTooLarge`, `BodyTimeout`."""
        limit = self.service.options.body_bytes_max if bytes_max is None else bytes_max
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self.service.options.body_timeout_s):
                async for part in self.request.stream():
                    size += len(part)
                    if size > limit:
                        raise BodyTooLarge(limit)
                    parts.append(part)
        except TimeoutError as error:
            raise BodyTimeout("the body did not arrive in time") from error
        except ClientDisconnect as error:
            raise BadBody("the client went away") from error
        return b"".join(parts)

    async def json(self, bytes_max: int | None = None) -> Any:
        """The body as JSON; None if it is empty. Raises `BadBody` and the errors of `body`."""
        raw = await self.body(bytes_max)
        return decode_json(raw) if raw.strip() else None


Handler = Callable[[Call], Awaitable[Any]]


class Route(msgspec.Struct, frozen=True):
    """One operation. The handler returns plain JSON values, or a `Response` of its own."""

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    summary: str
    params: tuple[Param, ...] = ()
    answer: str = "As the Stacks API."
    """What a successful answer holds."""
    body: dict[str, Any] | None = None
    """Of a POST: what OpenAPI calls the content, by media type."""


def make_route(service: ApiService, route: Route) -> StarletteRoute:
    """The Starlette route that serves `route`."""

    async def endpoint(request: Request) -> Response:
        return await _serve(service, route, request)

    return StarletteRoute(route.path, endpoint, methods=[route.method], name=route.summary)


async def _serve(service: ApiService, route: Route, request: Request) -> Response:
    try:
        args = read_args(route.params, request.path_params, request.query_params.multi_items())
        result = await route.handler(Call(service, request, args))
        return result if isinstance(result, Response) else json_response(result)
    except BtczsError as error:
        return error_response(error)
    except Exception:  # supervised edge: a bug answers 500 and the node lives on
        error_id = secrets.token_hex(8)
        log.exception("error %s in %s %s", error_id, route.method, route.path)
        body = {"error": "internal", "message": "an error of this node", "id": error_id}
        return json_response(body, 500)


def json_response(value: Any, status: int = 200) -> Response:
    return Response(encode_json(value), status, media_type="application/json")


def error_response(error: BtczsError) -> Response:
    response = json_response(to_body(error), to_status(error))
    if isinstance(error, TooManyRequests):
        response.headers["retry-after"] = str(error.retry_after_s)
    return response
