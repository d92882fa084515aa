"""What the test endpoint answers beside chat requests: its models, and the controls of the tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from tests.server.endpoint import Endpoint
from tests.server.protocol import HttpRequest


def control(endpoint: Endpoint, request: HttpRequest) -> tuple[int, Mapping[str, Any]]:
    """Answer what is not a chat request: the models, and the controls of the tests."""
    match request.method, request.path:
        case "GET", "/_stats":
            stats = endpoint.counts.stats() | {"connections": endpoint.connections, "hung": len(endpoint.hung)}
            return 200, stats | (endpoint.counts.details() if "full=1" in request.query else {})
        case "POST", "/_config":
            try:
                endpoint.configure(endpoint.config.changed(orjson.loads(request.body)))
            except (ValueError, TypeError) as error:
                return 400, {"error": {"message": str(error)}}
            return 200, {}
        case "POST", "/_reset":
            endpoint.reset()
            return 200, {}
        case "POST", "/_release":
            return 200, {"released": endpoint.release()}
        case "GET", path if path.endswith("/models"):
            models = endpoint.config.models or ("stub",)
            return 200, {"object": "list", "data": [{"id": name, "object": "model"} for name in models]}
    return 404, {"error": {"message": f"There is nothing at {request.method} {request.path}.", "type": "not_found"}}
