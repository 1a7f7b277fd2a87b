"""Every text that a reader sees is there in English and in Korean."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from skypact.market import translations

APPS = translations.apps()
names = [app.name for app in APPS]


@pytest.mark.parametrize("app", APPS, ids=names)
def test_every_text_has_korean(app: Path) -> None:
    assert translations.missing(app) == []


@pytest.mark.parametrize("app", APPS, ids=names)
def test_placeholders_survive_translation(app: Path) -> None:
    lost = [
        (english, korean)
        for english, korean in words(translations.translations(app))
        if any(placeholders(form) != placeholders(english[-1]) for form in korean)
    ]
    assert lost == []


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text))


@pytest.mark.parametrize("app", APPS, ids=names)
def test_compiled_file_is_of_today(app: Path) -> None:
    source = translations.translation_file(app)
    if not source.exists():
        return
    with source.with_suffix(".mo").open("rb") as file:
        assert words(read_mo(file)) == words(translations.translations(app)), "run: make assets"


def words(catalogue: Catalog) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Text with its plural → Korean, without the header."""
    return {(forms(message.id), forms(message.string)) for message in catalogue if message.id and message.string}


def forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_texts_of_python_and_templates_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "MARKET", tmp_path)
    (tmp_path / "words.py").write_text('_("one")\nngettext("a kit", "kits", n)\n', encoding="utf-8")
    (tmp_path / "page.html").write_text(
        "{% load i18n %}{% translate 'it''s' %}{% translate \"two\" as x %}{% blocktranslate with n=k %}{{ n }} left"
        '{% endblocktranslate %}{% translate "May" context "month" %}{{ _("three") }}',
        encoding="utf-8",
    )
    found = {(message.id, message.context) for message in translations.texts(tmp_path) if message.id}
    assert found >= {
        ("one", None),
        (("a kit", "kits"), None),
        ("two", None),
        ("%(n)s left", None),
        ("May", "month"),
        ("three", None),
    }
