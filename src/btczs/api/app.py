"""The application: routes, WebSocket and edge put together."""

import contextlib
import logging
import secrets
from collections.abc import AsyncIterator

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute
from starlette.routing import WebSocketRoute

from btczs.api.backend import Backend
from btczs.api.edge import Edge
from btczs.api.errors import ApiError, MethodNotAllowed, NotFound
from btczs.api.openapi import make_openapi
from btczs.api.options import ApiOptions
from btczs.api.routes import ROUTES
from btczs.api.routing import error_response, json_response, make_route
from btczs.api.service import ApiService
from btczs.api.websocket.endpoint import make_endpoint

log = logging.getLogger("btczs.api")


def create_app(backend: Backend, options: ApiOptions | None = None) -> Starlette:
    """The HTTP and WebSocket API of `backend`. `app.state.service` is its `ApiService`.

    Its lifespan runs the hub of the WebSockets. Several servers in one event loop may share the
    application.
    """
    service = ApiService(backend, options or ApiOptions())
    document = msgspec.json.encode(make_openapi(ROUTES, backend.network.name))

    async def openapi(request: Request) -> Response:
        del request
        return Response(document, media_type="application/json")

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with service.running():
            yield

    app = Starlette(
        routes=[
            *(make_route(service, route) for route in ROUTES),
            StarletteRoute("/openapi.json", openapi, methods=["GET"]),
            WebSocketRoute("/extended/v1/ws", make_endpoint(service.hub)),
        ],
        middleware=[Middleware(Edge, options=service.options)],
        exception_handlers={HTTPException: _render_http_error, Exception: _render_bug},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.service = service
    return app


async def _render_http_error(request: Request, error: Exception) -> Response:
    """What the router itself refuses, in the form of every other error."""
    assert isinstance(error, HTTPException)
    if error.status_code == NotFound.status:
        return error_response(NotFound(f"there is nothing at {request.url.path[:200]}"))
    if error.status_code == MethodNotAllowed.status:
        refusal: ApiError = MethodNotAllowed(f"{request.method} is not served here")
        return error_response(refusal)
    body = {"error": "http", "message": str(error.detail)}
    return json_response(body, error.status_code)


async def _render_bug(_request: Request, error: Exception) -> Response:
    """An error of our own outside the handlers, which have their own edge."""
    error_id = secrets.token_hex(8)
    log.error("error %s outside handlers", error_id, exc_info=error)
    body = {"error": "internal", "message": "an error of this node", "id": error_id}
    return json_response(body, 500)
