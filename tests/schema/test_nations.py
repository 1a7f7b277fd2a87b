"""Countries are those of ISO 3166-1, no more and no fewer."""

import pytest
from babel import Locale

from skypact.schema import Buyer, InputError, parse
from skypact.schema.nations import NATIONS

#: Codes of the Unicode territories that ISO 3166-1 reserves or leaves to users.
NOT_ASSIGNED = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}


def test_same_as_unicode_knows() -> None:
    known = {code for code in Locale("en").territories if len(code) == 2 and code.isalpha()}
    assert known - NOT_ASSIGNED == NATIONS
    assert len(NATIONS) == 249


@pytest.mark.parametrize("code", ["XX", "ZZ", "EU"])
def test_buyer_of_no_country_is_refused(code: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(Buyer, {"nation": code, "role": "police"}, file="need.toml")
    said = "need.toml: nation: must be an assigned ISO 3166-1 alpha-2 country code such as KR"
    assert str(caught.value) == f"{said} (found {code!r})"
