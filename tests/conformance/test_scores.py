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
    drawn, changed = score(standard, count=FEW, seed=SEED), score_fields(standard)
    few, fields = of(drawn), of(changed)
    if os.environ.get("RECORD") == "1":
        said = json.loads(FILE.read_text())
        many = of(score(standard, count=MANY, seed=SEED))
        said[name] = Published(few=few, many=many, fields=fields).model_dump()
        FILE.write_text(json.dumps(dict(sorted(said.items())), indent=2) + "\n")
        published.cache_clear()
    assert (published()[name].few, published()[name].fields) == (few, fields), "see this test's description"
    assert drawn.tried == FEW
    assert drawn.closed_share >= LEAST_MUTATION
    assert drawn.share <= drawn.ceiling <= 1
    assert sum(drawn.survivors.values()) == drawn.closed - drawn.closed_rejected
    assert changed.closed >= 45
    assert (changed.closed_rejected, changed.survivors) == (changed.closed, {})


def test_every_standard_has_a_score_and_each_is_worth_a_badge() -> None:
    assert set(published()) == set(STANDARDS)
    assert {name for name in STANDARDS if (closed_share(name) or 0) < LEAST_MUTATION} == set()


def test_the_worse_share_counts_and_an_unscored_standard_has_none() -> None:
    sapient = published()["sapient"]
    assert closed_share("sapient") == sapient.many.share < sapient.fields.share
    assert closed_share("no such standard") is None
