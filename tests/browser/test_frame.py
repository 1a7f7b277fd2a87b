"""The frame of every page, as people meet it: by mouse, by keyboard, on a phone, in both languages."""

from playwright.sync_api import Page, expect
from tests.browser.conftest import PHONE

FIRST_LINE = {
    "en": "From a site and a threat to a kit that works together",
    "ko": "현장과 위협에서 함께 작동하는 키트까지",
}


def test_home_in_both_languages(page: Page) -> None:
    page.goto("/")
    expect(page.locator("h1")).to_have_text(FIRST_LINE["en"])
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("h1")).to_have_text(FIRST_LINE["ko"])
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text(FIRST_LINE["en"])


def test_styles_and_type_arrive(page: Page) -> None:
    page.goto("/")
    assert page.evaluate("getComputedStyle(document.querySelector('.sky-header')).backgroundColor") == "rgb(22, 46, 81)"
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Source Sans Pro Web\"'))")


def test_keyboard_reaches_the_content_first(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_phone_needs_no_sideways_scrolling(page: Page) -> None:
    page.set_viewport_size(PHONE)
    for address in ("/", "/accounts/login/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address


def test_phone_header_takes_two_lines(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/")
    for language in ("한국어", "English"):
        assert page.locator(".sky-nav li").evaluate_all("all => new Set(all.map((one) => one.offsetTop)).size") == 1
        page.get_by_role("button", name=language).click()


def test_wrong_password_is_refused_with_words(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not correct")


def test_maps_run_under_the_policy(page: Page) -> None:
    page.goto("/")
    layers = page.evaluate(
        """async () => {
            const { createMap } = await import("/static/skypact/map.js");
            const place = document.createElement("div");
            place.className = "sky-map";
            document.querySelector("main").append(place);
            const map = await createMap(place, { center: [126.45, 37.46], zoom: 6 });
            return map.getStyle().layers.map((layer) => layer.id);
        }"""
    )
    assert layers == ["sea", "land", "coast", "borders"]


def test_no_coast_jumps_across_the_map(page: Page) -> None:
    page.goto("/")
    longest = page.evaluate(
        """async () => {
            const { createMap } = await import("/static/skypact/map.js");
            const place = document.createElement("div");
            place.className = "sky-map";
            document.querySelector("main").append(place);
            const map = await createMap(place, { center: [0, 0], zoom: 1 });
            const { land, borders } = map.getStyle().sources;
            const rings = land.data.features.flatMap((one) => one.geometry.coordinates.flat());
            let longest = 0;
            for (const line of [...rings, ...borders.data.coordinates]) {
                line.slice(1).forEach(([lon, lat], index) => {
                    const step = Math.abs(lon - line[index][0]);
                    if (lat > -85 && step > longest) longest = step;
                });
            }
            return longest;
        }"""
    )
    assert longest < 180


def test_charts_run_under_the_policy(page: Page) -> None:
    page.goto("/")
    bars = page.evaluate(
        """async () => {
            const { drawChart } = await import("/static/skypact/charts.js");
            const place = document.createElement("div");
            document.querySelector("main").append(place);
            await drawChart(place, {
                data: { values: [{ kind: "radar", count: 2 }, { kind: "camera", count: 1 }] },
                transform: [{ calculate: "datum.count * 2", as: "double" }],
                mark: "bar",
                encoding: { x: { field: "kind" }, y: { field: "double", type: "quantitative" } },
            });
            return place.querySelectorAll(".mark-rect path").length;
        }"""
    )
    assert bars == 2
