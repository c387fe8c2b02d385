"""The streaming API, as Velora's guide describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

if TYPE_CHECKING:
    from tests.simulator.server import Simulator

__all__ = ["API", "streaming_api"]

API = "/api/integrations/oauth"
_TITLE_LIMIT = 140


class Refusal(Exception):
    """An error answer."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message


def streaming_api(simulator: Simulator) -> Blueprint:
    """The endpoints below `API`, the profile, and what an ingest calls."""
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
        return jsonify(message=refusal.message), refusal.status

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
        names = {one["slug"]: one["name"] for one in simulator.categories}
        started = account.started_at
        info: dict[str, Any] = {
            "title": account.title,
            "categoryName": names.get(account.category_slug),
            "categorySlug": account.category_slug,
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
        title = change.get("title", account.title)
        if "title" in change and (not isinstance(title, str) or len(title) > _TITLE_LIMIT):
            raise Refusal(400, f"title must be a string of at most {_TITLE_LIMIT} characters.")
        tags = change.get("tags", account.tags)
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise Refusal(400, "tags must be an array of strings.")
        slug = change.get("categorySlug", account.category_slug)
        if "categorySlug" in change:
            if not isinstance(slug, str):
                raise Refusal(400, "categorySlug must be a string.")
            if slug not in {one["slug"] for one in simulator.categories}:
                raise Refusal(404, "Category not found.")
        account.title, account.tags, account.category_slug = title, tags, slug
        return jsonify(success=True, message="Stream info updated")

    @api.get(f"{API}/stream/categories")
    def get_categories() -> Response:
        authorize()
        return jsonify(categories=simulator.categories)

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

    @api.post("/_ingest/publish")
    def publish() -> tuple[str, int]:
        return "", 200 if account.go_live(request.form.get("name", "")) else 403

    @api.post("/_ingest/publish_done")
    def publish_done() -> str:
        account.go_offline()
        return ""

    return api
