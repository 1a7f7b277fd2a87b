"""Rules of coexistence: read, and refused with the place of a mistake."""

from pathlib import Path

import pytest

from skypact.schema import Answer, InputError
from skypact.seed import coexistence_rules
from skypact.seed.coexistence_reader import read_coexistence_file


def test_every_rule_names_its_source_and_says_no_or_unknown() -> None:
    rules = coexistence_rules()
    assert [rule.id for rule in rules] == [
        "radars-share-a-band",
        "radio-receiver-beside-transmitter",
        "receiver-beside-jammer",
        "radios-share-a-band",
    ]
    assert all(rule.citation and rule.url for rule in rules)
    assert {rule.answer for rule in rules} == {Answer.NO, Answer.UNKNOWN}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('answer = "no"', 'answer = "yes"'), "says no or unknown"),
        (('{ does = "transmits", families = ["radio"', '{ does = "receives", families = ["radio"'), "be transmits"),
        (('id = "radios-share-a-band"', 'id = "radars-share-a-band"'), "rule ids repeat"),
        (("[[rules]]", "[[rules"), "must be valid TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, change: tuple[str, str], place: str) -> None:
    import skypact.seed

    text = (Path(skypact.seed.__file__).parent / "coexistence.toml").read_text(encoding="utf-8")
    file = tmp_path / "coexistence.toml"
    file.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(InputError, match=place):
        read_coexistence_file(file)
