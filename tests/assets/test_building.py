"""The folder that the service serves is built from npm packages, each with its licence."""

import json
import re
from pathlib import Path

import pytest

from app.pages.rendering.assets import STATIC, VENDORED
from assets.building import KEPT_LICENCES, SHIPPED, build
from tests.node import ROOT


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """Packages as npm installs them, published without licence files."""
    node_modules = tmp_path / "node_modules"
    for package, files in SHIPPED.items():
        for file in files:
            path = node_modules / package / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{file} of {package}", encoding="utf-8")
        declare(node_modules / package, "MIT")
    return node_modules


def declare(folder: Path, licence: str) -> None:
    (folder / "package.json").write_text(json.dumps({"license": licence}), encoding="utf-8")


def test_every_file_is_built_with_the_licence_of_its_package(packages: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    build(packages, vendor)

    built = {path.name for path in vendor.iterdir()}
    assert built == {*VENDORED, "govuk-frontend.LICENCE.txt", "ministryofjustice-frontend.LICENCE.txt"}
    kept = (KEPT_LICENCES / "govuk-frontend.txt").read_text(encoding="utf-8")
    assert (vendor / "govuk-frontend.LICENCE.txt").read_text(encoding="utf-8") == kept


def test_licence_file_of_the_package_itself_goes_before_the_kept_one(packages: Path, tmp_path: Path) -> None:
    (packages / "govuk-frontend" / "LICENSE.txt").write_text("their own words", encoding="utf-8")
    build(packages, tmp_path / "vendor")
    written = tmp_path / "vendor" / "govuk-frontend.LICENCE.txt"
    assert written.read_text(encoding="utf-8") == "their own words"


def test_what_an_earlier_version_brought_is_gone(packages: Path, tmp_path: Path) -> None:
    old = tmp_path / "vendor" / "old.min.css"
    old.parent.mkdir()
    old.touch()
    build(packages, tmp_path / "vendor")
    assert not old.exists()


def test_missing_package_is_named_with_what_to_run(packages: Path, tmp_path: Path) -> None:
    missing = packages / "@ministryofjustice" / "frontend" / "moj" / "moj-frontend.min.css"
    missing.unlink()
    with pytest.raises(SystemExit, match=re.escape(f"{missing} is missing: run `make assets`")):
        build(packages, tmp_path / "vendor")


def test_package_under_another_licence_stops_the_build(packages: Path, tmp_path: Path) -> None:
    declare(packages / "govuk-frontend", "GPL-3.0")
    with pytest.raises(SystemExit, match="govuk-frontend declares the licence GPL-3.0, not MIT"):
        build(packages, tmp_path / "vendor")


def test_what_is_served_is_what_the_locked_packages_give(tmp_path: Path) -> None:
    build(ROOT / "node_modules", tmp_path / "vendor")
    for built in (tmp_path / "vendor").iterdir():
        served = STATIC / "vendor" / built.name
        assert served.read_bytes() == built.read_bytes(), f"{served} is stale: run `make assets`"


def test_files_that_the_start_requires_are_those_that_pages_ask_for() -> None:
    asking = [*(ROOT / "app" / "pages" / "templates").glob("*.html"), *STATIC.glob("*.js")]
    text = "".join(path.read_text(encoding="utf-8") for path in asking)
    assert set(re.findall(r"vendor/([a-z.-]+)", text)) == set(VENDORED)
