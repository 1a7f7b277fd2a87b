"""The published scores are those that come out when the lab is scored again."""

import json
import os
from pathlib import Path

import pytest

import skypact.conformance.scores
from skypact.conformance import STANDARDS
from skypact.conformance.mutation import score, score_fields
from skypact.conformance.report import LEAST_MUTATION
from skypact.conformance.scores import FEW, MANY, SEED, Published, closed_share, of, published

FILE = Path(skypact.conformance.scores.__file__).with_name("scores.json")


@pytest.mark.parametrize("name", STANDARDS)
def test_the_published_scores_come_out_again(name: str) -> None:
    """After a change of rules or samples: ``RECORD=1 pytest tests/conformance/test_scores.py`` (two minutes)."""
    standard = STANDARDS[name]
    few, fields = of(score(standard, count=FEW, seed=SEED)), of(score_fields(standard))
    if os.environ.get("RECORD") == "1":
        said = json.loads(FILE.read_text())
        many = of(score(standard, count=MANY, seed=SEED))
        said[name] = Published(few=few, many=many, fields=fields).model_dump()
        FILE.write_text(json.dumps(dict(sorted(said.items())), indent=2) + "\n")
        published.cache_clear()
    assert (published()[name].few, published()[name].fields) == (few, fields), "see this test's description"


def test_every_standard_has_a_score_and_each_is_worth_a_badge() -> None:
    assert set(published()) == set(STANDARDS)
    assert {name for name in STANDARDS if (closed_share(name) or 0) < LEAST_MUTATION} == set()


def test_the_worse_share_counts_and_an_unscored_standard_has_none() -> None:
    sapient = published()["sapient"]
    assert closed_share("sapient") == sapient.many.share < sapient.fields.share
    assert closed_share("no such standard") is None
