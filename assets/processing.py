"""Takes out of the packages' stylesheets and scripts what the service has no licence or no use for. Pure functions."""

import re

_FONT_FACE = re.compile(r"@font-face ?\{[^}]*\}")
_FONT_NAME = re.compile(r'"?GDS Transport"? ?,')
_FONT_NOTICE = re.compile(r"/\*!?[^*]*commercially available\. \*/")
_PACKAGED_FILE = re.compile(r'url\("?/assets/[^)]*\)')
_CSS_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/")
_JS_SOURCE_MAP = re.compile(r"//# sourceMappingURL=.*")
_UNWANTED = ("@font-face", "GDS Transport", "/assets/", "sourceMappingURL")


class UnwantedContentError(Exception):
    """A newer package writes something in a form that the patterns here do not know."""


def processed(name: str, text: str) -> str:
    """The content of the stylesheet or script `name`, as it is served."""
    served = without_source_map(text) if name.endswith(".js") else _processed_stylesheet(text)
    left = [unwanted for unwanted in _UNWANTED if unwanted in served]
    if left:
        raise UnwantedContentError(f"{name} still holds {', '.join(left)}: correct assets/processing.py")
    return served


def without_fonts(css: str) -> str:
    """No font is loaded. "GDS Transport" is licensed for gov.uk only, and browsers fetch a font that a rule names."""
    return _FONT_NOTICE.sub("", _FONT_NAME.sub("", _FONT_FACE.sub("", css)))


def without_packaged_files(css: str) -> str:
    """No icon or crest of the package is loaded: no page uses those icons, and the crest is for gov.uk only."""
    return _PACKAGED_FILE.sub("none", css)


def without_source_map(text: str) -> str:
    """No browser asks for a source map, which is not served."""
    return _JS_SOURCE_MAP.sub("", _CSS_SOURCE_MAP.sub("", text))


def _processed_stylesheet(css: str) -> str:
    return without_source_map(without_packaged_files(without_fonts(css)))
