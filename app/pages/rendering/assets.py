"""Stylesheets and scripts, all served from here: no page ever asks another host for anything."""

import hashlib
from functools import lru_cache
from pathlib import Path

from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Scope

STATIC = Path(__file__).parents[1] / "static"
VENDORED = ("govuk-frontend.min.css", "govuk-frontend.min.js", "moj-frontend.min.css")
SERVED = frozenset({".css", ".js", ".svg"})
_FOREVER = "public, max-age=31536000, immutable"


class Assets(StaticFiles):
    """The files of `static/` and the API reference's own from its package; anything but styles and scripts is 404."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC, packages=[("fastapi_offline", "static")])

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Returns the file; kept by the browser for good when the address carries the hash of its content."""
        if Path(path).suffix not in SERVED:
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        has_hash = scope["query_string"].startswith(b"v=")
        # These hold no data of anybody, so they alone may be kept; every other response says no-store.
        MutableHeaders(raw=response.raw_headers)["Cache-Control"] = _FOREVER if has_hash else "no-cache"
        return response


def require_assets(folder: Path = STATIC / "vendor") -> None:
    """Ends the process when a file that `make assets` builds is missing: every page needs them."""
    missing = [name for name in VENDORED if not (folder / name).is_file()]
    if missing:
        raise SystemExit(f"{folder} lacks {', '.join(missing)}: run `make assets`")


def compressed_assets() -> ASGIApp:
    """Returns the files, gzipped on the wire."""
    return GZipMiddleware(Assets(), minimum_size=1024)


@lru_cache
def asset_url(path: str) -> str:
    """Returns where `path` is served, with a hash of its content: a new version is never mixed with an old one."""
    full_path, found = Assets().lookup_path(path)
    if found is None:
        raise LookupError(f"there is no asset {path}")
    return f"/static/{path}?v={hashlib.sha256(Path(full_path).read_bytes()).hexdigest()[:12]}"
