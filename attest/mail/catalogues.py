"""Catalogues of letters in other languages: gettext `.po` files, read as they are.

A language is a file: `templates/mail/languages/<code>.po`, or the same in an administrator's own
folder of letters. `<code>` is a BCP 47 tag such as `cy` or `pt-BR`. Nothing is compiled.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

FOLDER = "languages"

_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_PLACE = re.compile(r"%\((\w+)\)s")


class CatalogueRefused(ValueError):
    """A file that is no catalogue, or is called after no language."""


def template_folder() -> Path:
    """Where the templates lie: inside the package in a wheel, beside it in a checkout."""
    package = Path(str(resources.files("attest")))
    inside = package / "templates" / "mail"
    return inside if inside.is_dir() else package.parent / "templates" / "mail"


def files(own: Path | None = None) -> Mapping[str, Path]:
    """Each language's catalogue by its code. `own`: the administrator's folder, which comes first.

    A file whose name is no language's is left out.
    """
    found: dict[str, Path] = {}
    for folder in (template_folder(), own):
        for path in sorted((folder / FOLDER).glob("*.po")) if folder is not None else ():
            if _CODE.fullmatch(path.stem) and path.stem != "en" and _known(path.stem):
                found[path.stem] = path
    return dict(sorted(found.items()))


def read(path: Path) -> Catalog:
    """Raises `CatalogueRefused` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=path.stem.replace("-", "_"), abort_invalid=True)
    except (OSError, ValueError, PoFileError, UnknownLocaleError) as error:
        raise CatalogueRefused(f"{path.name}: {error}") from None


def translations(path: Path) -> gettext.NullTranslations:
    """What gettext looks words up in. An entry with other values than English has is left out,
    and English stands in its place. Raises `CatalogueRefused`."""
    catalogue = read(path)
    for message in [each for each in catalogue if each.id and wrong(each)]:
        catalogue.delete(message.id, message.context)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    try:
        return gettext.GNUTranslations(compiled)
    except (ValueError, LookupError) as error:  # its plural forms, its character set
        raise CatalogueRefused(f"{path.name}: {error}") from None


def wrong(message: Message) -> str | None:
    """Why a translated entry cannot be used, in a few words; None where it can, or is empty."""
    ids, strings = _all(message.id), _all(message.string)
    if not any(strings):
        return None
    if not all(strings):
        return "a plural form is missing"
    allowed = set(_PLACE.findall(ids[-1]))
    for string in strings:
        named = set(_PLACE.findall(string))
        if "%" in _PLACE.sub("", string).replace("%%", ""):
            return "a lone % sign"
        if named - allowed:
            return f"it names {', '.join(sorted(named - allowed))}, which English does not"
        # "1 file" may be said without its number.
        if allowed - named - {"num"} and len(ids) == 1:
            return f"it leaves out {', '.join(sorted(allowed - named))}"
    return None


def _all(value: str | list[str] | tuple[str, ...] | None) -> list[str]:
    if value is None:
        return [""]
    return [value] if isinstance(value, str) else list(value)


def _known(code: str) -> bool:
    try:
        Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True
