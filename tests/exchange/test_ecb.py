"""The ECB's files are read exactly as published, or refused with every place that does not fit."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from skypact.exchange import ecb
from skypact.exchange.ecb import ReferenceRate, read_rates
from skypact.market.core.known_sentences import KnownSentences
from skypact.market.prices.refusals import TEMPLATES
from skypact.schema import InputError

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
{days}\t</Cube>
</gesmes:Envelope>
"""
DAILY = ENVELOPE.format(
    days="""\t\t<Cube time='2024-06-28'>
\t\t\t<Cube currency='USD' rate='1.0705'/>
\t\t\t<Cube currency='JPY' rate='171.94'/>
\t\t\t<Cube currency='GBP' rate='0.84638'/>
\t\t\t<Cube currency='HUF' rate='395.10'/>
\t\t\t<Cube currency='KRW' rate='1474.86'/>
\t\t</Cube>
"""
)
HISTORY_XML = ENVELOPE.format(
    days='<Cube time="2024-06-28"><Cube currency="USD" rate="1.0705"/><Cube currency="KRW" rate="1474.86"/></Cube>'
    '<Cube time="2024-06-27"><Cube currency="USD" rate="1.0696"/></Cube>'
)
HISTORY = "Date,USD,JPY,CYP,KRW,\n2024-06-28,1.0705,171.94,N/A,1474.86,\n2024-06-27,1.0696,171.86,N/A,1484.54,\n"
DAY = date(2024, 6, 28)


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def problems(data: str | bytes, name: str = "rates") -> list[str]:
    with pytest.raises(InputError) as refused:
        read_rates(data.encode() if isinstance(data, str) else data, name=name)
    return [str(problem) for problem in refused.value.problems]


def test_the_daily_file() -> None:
    assert read_rates(DAILY.encode(), name="eurofxref-daily.xml") == (
        ReferenceRate(DAY, "GBP", "0.84638"),
        ReferenceRate(DAY, "HUF", "395.10"),
        ReferenceRate(DAY, "JPY", "171.94"),
        ReferenceRate(DAY, "KRW", "1474.86"),
        ReferenceRate(DAY, "USD", "1.0705"),
    )


def test_the_history_as_xml() -> None:
    assert read_rates(HISTORY_XML.encode(), name="eurofxref-hist.xml") == (
        ReferenceRate(date(2024, 6, 27), "USD", "1.0696"),
        ReferenceRate(DAY, "KRW", "1474.86"),
        ReferenceRate(DAY, "USD", "1.0705"),
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_history_as_csv_and_in_its_archive(newline: str) -> None:
    text = HISTORY.replace("\n", newline).encode()
    rates = read_rates(text, name="eurofxref-hist.csv")
    assert [(rate.day.day, rate.currency, rate.rate) for rate in rates] == [
        (27, "JPY", "171.86"),
        (27, "KRW", "1484.54"),
        (27, "USD", "1.0696"),
        (28, "JPY", "171.94"),
        (28, "KRW", "1474.86"),
        (28, "USD", "1.0705"),
    ]
    assert read_rates(zipped(("eurofxref-hist.csv", text)), name="eurofxref-hist.zip") == rates


def test_the_daily_csv_has_blanks_and_a_written_month() -> None:
    text = "Date, USD, JPY, \n28 June 2024, 1.0705, 171.94, \n"
    assert read_rates(text.encode(), name="eurofxref.csv") == (
        ReferenceRate(DAY, "JPY", "171.94"),
        ReferenceRate(DAY, "USD", "1.0705"),
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "rates: row 1: a row Date,USD,JPY,…"),
        ("Date,USD,\n", "rates: at least one day with rates"),
        ("Day,USD\n", "rates: row 1: a row Date,USD,JPY,… (found 'Day,USD')"),
        ("Date,EUR,\n", "rates: row 1, column 2: an ISO 4217 currency code other than EUR (found 'EUR')"),
        ("Date,usd,\n", "rates: row 1, column 2: an ISO 4217 currency code other than EUR (found 'usd')"),
        ("Date,USD,\n2024-06-28,1.07,2,\n", "rates: row 2: 2 columns as in row 1 (found '3 columns')"),
        (
            "Date,USD,\n2024-06-28,-1.07,\n",
            "rates: row 2, USD: a rate above 0 with at most 8 decimals, such as 1.0705 (found '-1.07')",
        ),
        ("Date,USD,\n2024-06-28,NaN,\n", "such as 1.0705 (found 'NaN')"),
        ("Date,USD,\n2024-06-28,0.000,\n", "such as 1.0705 (found '0.000')"),
        ("Date,USD,\n2024-06-28,1e3,\n", "such as 1.0705 (found '1e3')"),
        ('Date,USD,\n2024-06-28,"1,07",\n', "such as 1.0705 (found '1,07')"),
        (
            "Date,USD,\n2024-06-31,1.07,\n",
            "rates: row 2, Date: a day such as 2024-06-28, from 1999-01-04 on (found '2024-06-31')",
        ),
        ("Date,USD,\n1998-12-31,1.07,\n", "from 1999-01-04 on (found '1998-12-31')"),
        (
            "Date,USD,\n2024-06-28,1.07,\n2024-06-28,1.08,\n",
            "rates: row 3, USD: one rate of USD for 2024-06-28; the file has 1.07 too (found '1.08')",
        ),
        ('Date,USD,\n2024-06-28,"1.07\n', "rates: comma-separated text: unexpected end of data"),
        (b"Date,USD,\n\xff", "rates: text in UTF-8 (found 'byte 10')"),
        ("<Envelope/>", "rates: an Envelope of http://www.gesmes.org/xml/2002-08-01 (found 'Envelope')"),
        ("<a", "rates: well-formed XML: unclosed token: line 1, column 0"),
        (
            '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
            "rates: XML without a document type, entities or references (found 'DTDForbidden')",
        ),
        (
            DAILY.replace("European Central Bank", "Some Bank"),
            "rates: Sender: European Central Bank (found 'Some Bank')",
        ),
        (
            DAILY.replace("rate='1.0705'", "rate='1.0705' multiplier='100'"),
            "rates: 2024-06-28, rate 1: a Cube of http://www.ecb.int/vocabulary/2002-08-01/eurofxref with currency and "
            "rate (found '{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube currency rate multipl…)",
        ),
        (DAILY.replace("time='2024-06-28'", ""), "rates: day 1: a Cube of"),
        (DAILY.replace("JPY", "USD"), "rates: 2024-06-28, USD: one rate of USD for 2024-06-28"),
        (DAILY.replace("<gesmes:subject>Reference rates</gesmes:subject>", ""), "rates: once each: "),
        (
            zipped(("a.csv", b""), ("b.csv", b"")),
            "rates: an archive with one file in it, eurofxref-hist.csv or eurofxref.csv (found 'a.csv, b.csv')",
        ),
        (zipped(("rates.exe", b"")), "an archive with one file in it"),
        (zipped(("a.csv", HISTORY.encode()))[:-30], "rates: a whole zip archive: File is not a zip file"),
    ],
)
def test_what_does_not_fit_is_named_and_known_to_the_pages(data: str | bytes, said: str) -> None:
    assert said in problems(data)[0]
    with pytest.raises(InputError) as refused:
        read_rates(data.encode() if isinstance(data, str) else data, name="rates")
    for problem in refused.value.problems:
        assert any(pattern.fullmatch(problem.accepted) for pattern, _ in KnownSentences(TEMPLATES).patterns)


def test_every_problem_of_a_file_is_told_up_to_twenty() -> None:
    rows = "".join(f"2024-06-{day:02},x,\n" for day in range(1, 29))
    assert len(problems(f"Date,USD,\n{rows}")) == 20
    assert len(problems("Date,USD,JPY,\n2024-06-28,x,y,\n2024-06-27,1.07,z,\n")) == 3


def test_an_archive_never_unpacks_to_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecb, "LARGEST", 100_000)
    bomb = zipped(("eurofxref-hist.csv", b"0" * 50_000_000))
    assert len(bomb) < 100_000
    assert problems(bomb, "bomb.zip") == [
        "bomb.zip: eurofxref-hist.csv: at most 100000 bytes (found '100001 bytes')",
    ]
    assert problems("0" * 100_001) == ["rates: at most 100000 bytes (found '100001 bytes')"]
