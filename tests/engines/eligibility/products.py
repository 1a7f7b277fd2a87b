"""Made-up products and rules for the eligibility tests."""

from __future__ import annotations

from typing import Any

from tests.engines.made_up import EVIDENCE, claim, listing

from skypact.schema import Listing, Rule, Vendor

_SENSOR_KIND = {"sensor.multi": "radar"}


def vendor(nation: str) -> Vendor:
    """A vendor at home in ``nation``."""
    return Vendor.model_validate({"id": "maker", "name": "Maker", "nation": nation, "evidence": [EVIDENCE]})


def component(part: str, country: str | None, share: float | None = None, **more: object) -> dict[str, Any]:
    """One component of a product."""
    return {"part": part, "country": country, "share": share, "evidence": {**EVIDENCE, **more}}


def product(
    category: str,
    *,
    decodes: bool | None = None,
    emits: bool | None = None,
    components: list[dict[str, Any]] | None = None,
    declared: list[str] | None = None,
    **more: object,
) -> Listing:
    """A product of ``category`` with just enough to be valid."""
    fields: dict[str, Any] = {
        "components": components or [],
        "declarations": [{"regime": regime, "code": "listed", "evidence": EVIDENCE} for regime in declared or []],
    }
    if decodes is not None:
        fields["decodes_content"] = claim(decodes)
    if category.startswith("sensor."):
        kind = _SENSOR_KIND.get(category, category.removeprefix("sensor."))
        fields["sensors"] = [{"kind": kind, "emits": [] if emits is None else claim(emits)}]
    if category == "aircraft":
        fields["airframe"] = {"kind": "multirotor"}
    if category == "battery":
        fields["battery"] = {}
    return listing("PRODUCT", category, **{**fields, **more})


def rule(when: dict[str, Any], *, provided: dict[str, Any] | None = None, **more: object) -> Rule:
    """A rule of Korea that bars, or with ``provided`` allows only if, buying and operating since 2020."""
    fields: dict[str, Any] = {
        "id": "kr-made-up",
        "title": "Made up",
        "title_ko": "시험용",
        "statement": "Nobody may.",
        "statement_ko": "아무도 할 수 없습니다.",
        "jurisdiction": "KR",
        "authority": "A test",
        "citation": "Made-up Act art. 1",
        "url": "https://example.org/made-up",
        "read_on": "2026-01-01",
        "valid_from": "2020-01-01",
        "acts": ["buy", "operate"],
        "effect": "bars" if provided is None else "allows_only_if",
        "when": when,
        "provided": provided,
    }
    return Rule.model_validate({**fields, **more})
