"""Collects the texts to translate into each app's ``locale/ko/LC_MESSAGES/django.po``, without GNU gettext.

``python -m skypact.market.translations`` (``make messages``) updates the files: known translations stay, new texts
arrive empty, texts no longer used leave.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

MARKET = Path(__file__).parent
LANGUAGE = "ko"
#: Which app shows the sentences of which folder, and so keeps their translations.
SPEAKS_FOR = {"kits": MARKET.parent / "engines", "catalogue": MARKET.parent / "schema"}
#: function name → which arguments are the message (1-based; a pair marked "c" is the context)
PYTHON_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
HEADER = r"""msgid ""
msgstr ""
"Language: ko\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
_STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
#: what Django's own templatize() leaves of the translation tags
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)")


def apps() -> list[Path]:
    """The folders of the market's apps."""
    return sorted(path.parent for path in MARKET.glob("*/apps.py"))


def translation_file(app: Path) -> Path:
    """Where the Korean texts of ``app`` are."""
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def texts(app: Path) -> Catalog:
    """Every translatable text of the Python files and templates of ``app``."""
    catalogue = Catalog(domain="django", fuzzy=False)
    for path in sorted(app.rglob("*.py")):
        with path.open("rb") as source:
            for _, message, _, context in extract("python", source, keywords=PYTHON_KEYWORDS):
                catalogue.add(message, locations=[(_place(path), 0)], context=context)
    if app.name in SPEAKS_FOR:
        for template, path in sentences(SPEAKS_FOR[app.name]):
            catalogue.add(template, locations=[(path, 0)])
    for path in sorted(app.rglob("*.html")):
        for message, context in _template_texts(path):
            catalogue.add(message, locations=[(_place(path), 0)], context=context, flags=_flags(message))
    return catalogue


def sentences(folder: Path) -> list[tuple[str, str]]:
    """Every template that ``folder`` gives to ``sentence()``, written there or in a table, and its file."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tables = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sentence":
                for template in _templates(node.args[0], tables):
                    found.setdefault(template, path.relative_to(folder.parent).as_posix())
    return list(found.items())


def _templates(argument: ast.expr, tables: dict[str, ast.Dict]) -> Iterator[str]:
    if isinstance(argument, ast.Subscript) and isinstance(argument.value, ast.Name):
        yield from (text for value in tables[argument.value.id].values for text in _templates(value, tables))
    elif isinstance(argument, ast.IfExp):
        yield from (*_templates(argument.body, tables), *_templates(argument.orelse, tables))
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value


def _template_texts(path: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    for name, arguments in _CALL.findall(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        words = list(ast.literal_eval(f"({arguments},)"))
        context = words.pop(0) if "p" in name.removesuffix("gettext") else None
        yield ((words[0], words[1]) if name.startswith("n") else words[0]), context


def _flags(message: str | tuple[str, str]) -> set[str]:
    text = message if isinstance(message, str) else "".join(message)
    return {"python-format"} if "%(" in text else set()


def _place(path: Path) -> str:
    return path.relative_to(MARKET).as_posix()


def translations(app: Path) -> Catalog:
    """The Korean texts of ``app`` as they are now; an empty catalogue where there is no file yet."""
    file = translation_file(app)
    if not file.exists():
        return Catalog(locale=LANGUAGE, domain="django")
    with file.open("rb") as source:
        return read_po(source, locale=LANGUAGE, domain="django")


def missing(app: Path) -> list[str]:
    """The texts of ``app`` that have no Korean."""
    known = translations(app)
    lacking = []
    for message in texts(app):
        found = known.get(message.id, message.context) if message.id else message
        if message.id and (found is None or found.fuzzy or not all(_forms(found.string))):
            lacking.append(message.id if isinstance(message.id, str) else message.id[0])
    return lacking


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


def update(app: Path) -> None:
    """Brings the file of ``app`` up to the texts in its source."""
    found = texts(app)
    if not len(found):
        return
    catalogue = translations(app)
    catalogue.update(found, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    file = translation_file(app)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        target.write(HEADER.encode())  # babel's own carries dates, which would change at every run
        write_po(target, catalogue, width=120, omit_header=True, include_lineno=False, sort_by_file=True)


if __name__ == "__main__":
    for folder in apps():
        update(folder)
        lacking = missing(folder)
        print(f"{folder.name}: {len(lacking)} texts lack Korean")
        for text in lacking:
            print(f"  {text}")
