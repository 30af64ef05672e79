"""`python -m assets`: copies what the pages need from `node_modules/` to where the service serves it."""

from pathlib import Path

from assets.building import build

ROOT = Path(__file__).resolve().parents[1]

if __name__ == "__main__":
    build(ROOT / "node_modules", ROOT / "app" / "pages" / "static" / "vendor")
