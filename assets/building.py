"""Builds the folder of stylesheets and scripts from npm packages, each package with its licence beside it."""

import json
import shutil
from pathlib import Path

from assets.processing import processed

SHIPPED: dict[str, tuple[str, ...]] = {
    "govuk-frontend": ("dist/govuk/govuk-frontend.min.css", "dist/govuk/govuk-frontend.min.js"),
    "@ministryofjustice/frontend": ("moj/moj-frontend.min.css",),
}
KEPT_LICENCE = "MIT"
KEPT_LICENCES = Path(__file__).parent / "licences"
_LICENCE_FILES = ("LICENSE*", "LICENCE*", "COPYING*", "NOTICE*")


def build(node_modules: Path, vendor: Path) -> None:
    """Fills `vendor` anew from the packages in `node_modules`; ends the process when a package is not as expected."""
    built = {
        name: content
        for package, files in SHIPPED.items()
        for name, content in _built_package(node_modules / package, package, files).items()
    }
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for name, content in built.items():
        (vendor / name).write_text(content, encoding="utf-8")


def _built_package(folder: Path, package: str, files: tuple[str, ...]) -> dict[str, str]:
    served = {Path(file).name: processed(file, _content(folder / file)) for file in files}
    return served | {f"{_plain(package)}.LICENCE.txt": _licence(folder, package)}


def _licence(folder: Path, package: str) -> str:
    """The licence files of the package, or the text kept here for a package that is published without one."""
    found = sorted({path for pattern in _LICENCE_FILES for path in folder.glob(pattern)})
    if found:
        return "\n".join(_content(path) for path in found)
    declared = json.loads(_content(folder / "package.json")).get("license")
    if declared != KEPT_LICENCE:
        raise SystemExit(f"{package} declares the licence {declared}, not {KEPT_LICENCE}: correct {KEPT_LICENCES}")
    return _content(KEPT_LICENCES / f"{_plain(package)}.txt")


def _plain(package: str) -> str:
    return package.removeprefix("@").replace("/", "-")


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SystemExit(f"{path} is missing: run `make assets`") from None
