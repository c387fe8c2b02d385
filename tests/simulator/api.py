"""The streaming API, as Velora's guide describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from tests.simulator.categories import first_listed, search

if TYPE_CHECKING:
    from tests.simulator.server import Simulator

__all__ = ["API", "streaming_api"]

API = "/api/integrations/oauth"
_TITLE_LIMIT = 140
_FIELDS = ("title", "categorySlug", "tags")
_QUERY = 2
_LIMITS = (1, 100)


class Refusal(Exception):
    """An error answer."""

    def __init__(self, status: int, message: str | list[str]) -> None:
        self.status = status
        self.message = message


def streaming_api(simulator: Simulator) -> Blueprint:
    """Return the endpoints below `API`, the profile, and what an ingest calls."""
    api = Blueprint("api", __name__)
    account = simulator.account

    def authorize(scope: str | None = None, *, streaming: bool = True) -> None:
        kind, _, access = request.headers.get("Authorization", "").partition(" ")
        token = simulator.tokens.find(access) if kind == "Bearer" else None
        if token is None:
            raise Refusal(401, "Invalid or expired access token.")
        if streaming and scope and account.streaming_enabled is False:
            refuse(403, "Streaming is not enabled for this account.")
        if scope and scope not in token.scopes:
            refuse(403, f"Missing required scope: {scope}")

    def refuse(status: int, message: str) -> None:
        raise Refusal(status, message if simulator.explains_403 else "Forbidden")

    @api.errorhandler(Refusal)
    def refused(refusal: Refusal) -> tuple[Response, int]:
        if isinstance(refusal.message, str):
            return jsonify(message=refusal.message), refusal.status
        body = {"message": refusal.message, "error": "Bad Request", "statusCode": refusal.status}
        return jsonify(body), refusal.status

    @api.get(f"{API}/stream/setup")
    def get_setup() -> Response:
        authorize("stream:key")
        return jsonify(
            streamKey=account.stream_key,
            rtmpUrl=account.rtmp_url,
            srtUrl=account.srt_url,
            whipUrl=account.whip_url.format(key=account.stream_key),
            ingestServer=account.ingest_server,
        )

    @api.get(f"{API}/stream/info")
    def get_info() -> Response:
        authorize("stream:read")
        slug = account.category_slug
        there = simulator.categories if slug else ()  # or each answer would go through 12,000
        name = next((category["name"] for category in there if category["slug"] == slug), None)
        started = account.started_at
        info: dict[str, Any] = {
            "title": account.title,
            "categoryName": name,
            "categorySlug": slug,
            "isLive": account.is_live,
            "viewerCount": account.viewers if account.is_live else 0,
            "startedAt": started and started.isoformat(timespec="milliseconds")[:-6] + "Z",
        }
        if account.tells_tags:
            info["tags"] = account.tags
        return jsonify(info)

    @api.put(f"{API}/stream/info")
    def put_info() -> Response:
        authorize("stream:write")
        change = request.get_json(silent=True)
        if not isinstance(change, dict):
            raise Refusal(400, "The body must be a JSON object.")
        wrong = [f"property {name} should not exist" for name in change if name not in _FIELDS]
        title = change.get("title", account.title)
        if "title" in change and (not isinstance(title, str) or len(title) > _TITLE_LIMIT):
            wrong.append(f"title must be shorter than or equal to {_TITLE_LIMIT} characters")
        tags = change.get("tags", account.tags)
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            wrong.append("each value in tags must be a string")
        slug = change.get("categorySlug", account.category_slug)
        if "categorySlug" in change and not isinstance(slug, str):
            wrong.append("categorySlug must be a string")
        if wrong:
            raise Refusal(400, wrong)
        known = (category["slug"] for category in simulator.categories)
        if "categorySlug" in change and slug not in known:
            raise Refusal(404, "Category not found.")
        account.title, account.tags, account.category_slug = title, tags, slug
        return jsonify(success=True, message="Stream info updated")

    @api.get(f"{API}/stream/categories")
    def get_categories() -> Response:
        authorize()
        return jsonify(categories=first_listed(simulator.categories, simulator.listed))

    @api.get("/api/categories/search")
    def search_categories() -> Response:
        authorize()
        if not simulator.searches:
            raise Refusal(404, "Cannot GET /api/categories/search")
        query, limit = request.args.get("query", ""), request.args.get("limit", "25")
        wrong = []
        if len(query) < _QUERY:
            wrong.append(f"query must be longer than or equal to {_QUERY} characters")
        number = int(limit) if limit.isascii() and limit.isdigit() else 0
        if not _LIMITS[0] <= number <= _LIMITS[1]:
            wrong.append(f"limit must be between {_LIMITS[0]} and {_LIMITS[1]}")
        if wrong:
            raise Refusal(400, wrong)
        hits = search(simulator.categories, query, number)
        return jsonify({simulator.hits_under: hits} if simulator.hits_under else hits)

    @api.post(f"{API}/stream/key/regenerate")
    def regenerate() -> tuple[Response, int]:
        authorize("stream:key")
        return jsonify(streamKey=account.regenerate()), 201

    @api.get("/api/users/me")
    def me() -> Response:
        authorize("user:read", streaming=False)
        profile: dict[str, Any] = {
            "id": "user-1",
            "username": account.username,
            "displayName": account.display_name,
        }
        if account.streaming_enabled is not None:
            profile["streamingEnabled"] = account.streaming_enabled
        return jsonify(profile)

    @api.get("/api/events/stream")
    def event_stream() -> Response:
        if not simulator.events.there:
            raise Refusal(404, "Not Found")
        authorize("stream:read")
        access = request.headers["Authorization"].partition(" ")[2]
        pieces = simulator.events.stream(access, simulator.end)
        return Response(pieces, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})

    @api.post("/_ingest/publish")
    def publish() -> tuple[str, int]:
        return "", 200 if account.go_live(request.form.get("name", "")) else 403

    @api.post("/_ingest/publish_done")
    def publish_done() -> str:
        account.go_offline()
        return ""

    return api
