"""What is taken out of other people's stylesheets and scripts before they are served."""

import pytest

from assets.processing import (
    UnwantedContentError,
    processed,
    without_fonts,
    without_packaged_files,
    without_source_map,
)

SHEET = (
    '@charset "UTF-8";/*! Copyright (c) 2011 by A. This font is commercially available. */'
    '@font-face{font-family:"GDS Transport";src:url("/assets/fonts/light.woff2")}'
    'body{font-family:"GDS Transport",arial,sans-serif}'
    ".crest{background-image:url(/assets/images/crest.svg);color:red}"
    "/*# sourceMappingURL=sheet.min.css.map */\n"
)


def test_font_its_name_and_its_notice_go_and_the_readers_own_font_stays() -> None:
    assert without_fonts(
        "/*! This font is commercially available. */@font-face {font-family:x;src:url(y)}p{color:red}"
    ) == ("p{color:red}")
    assert without_fonts('p{font-family:"GDS Transport",arial}') == "p{font-family:arial}"
    assert without_fonts("p{font-family:GDS Transport ,arial}") == "p{font-family:arial}"


@pytest.mark.parametrize("address", ["/assets/images/crest.svg", '"/assets/images/crest.svg"'])
def test_icons_and_crest_of_the_package_are_not_asked_for(address: str) -> None:
    assert without_packaged_files(f"p{{background:url({address}) no-repeat}}") == ("p{background:none no-repeat}")


def test_picture_that_is_written_in_the_sheet_stays() -> None:
    written = 'p{background:url("data:image/svg+xml,%3Csvg/%3E")}'
    assert without_packaged_files(written) == written


def test_no_browser_asks_for_a_source_map() -> None:
    assert without_source_map("a{}/*# sourceMappingURL=a.css.map */") == "a{}"
    assert without_source_map("let a;\n//# sourceMappingURL=a.js.map\n") == "let a;\n\n"


def test_sheet_is_served_without_all_of_these() -> None:
    assert processed("sheet.min.css", SHEET) == (
        '@charset "UTF-8";body{font-family:arial,sans-serif}.crest{background-image:none;color:red}\n'
    )


def test_script_keeps_everything_but_its_source_map() -> None:
    script = 'export const face = "arial";\n//# sourceMappingURL=script.min.js.map'
    assert processed("script.min.js", script) == 'export const face = "arial";\n'


@pytest.mark.parametrize(
    ("name", "text", "unwanted"),
    [
        ("sheet.min.css", "@font-face\n{src:local(x)}", "@font-face"),
        ("sheet.min.css", "p{font-family:'GDS Transport'}", "GDS Transport"),
        ("sheet.min.css", "p{background:url('/assets/a.svg')}", "/assets/"),
        ("script.min.js", "/*# sourceMappingURL =a */", "sourceMappingURL"),
    ],
)
def test_content_in_a_form_that_is_not_known_stops_the_build(name: str, text: str, unwanted: str) -> None:
    with pytest.raises(UnwantedContentError, match=f"{name} still holds {unwanted}"):
        processed(name, text)
