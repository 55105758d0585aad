"""The pages in a real Chromium: accessible, within the window at any width, live with scripts and whole without."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.api.http.serving import Server
from tests.api.pages.browser import Browser, axe_source, driver

PAGES = [
    "/",
    "/search?q=segment+street+scenes",
    "/search?different_from=flux-1-pro",
    "/artifacts/flux-1-pro",
    "/compare/mask2former-swin-large-cityscapes-semantic-vs-flux-1-pro",
    "/compare/flux-1-pro-vs-stable-diffusion-xl",
    "/ranks",
    "/intents",
    "/graph/flux-1-pro",
    "/method",
    "/compare",
]


@pytest.fixture(scope="module")
def driver_port() -> Iterator[int]:
    with driver() as port:
        yield port


@pytest.fixture(scope="module")
def browser(driver_port: int) -> Iterator[Browser]:
    window = Browser(driver_port, [])
    yield window
    window.close()


@pytest.fixture
def base(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize("dark", [False, True])
def test_no_page_has_a_serious_accessibility_fault(driver_port: int, base: str, dark: bool) -> None:
    axe = axe_source()
    window = Browser(driver_port, ["--force-dark-mode", "--blink-settings=preferredColorScheme=0"] if dark else [])
    found = []
    try:
        for page in PAGES:
            window.open(base + page)
            assert window.run("return matchMedia('(prefers-color-scheme: dark)').matches") == dark
            window.run(axe + "; window.axe = axe;")
            report = window.run_async("const done = arguments[arguments.length - 1]; axe.run().then(done);")
            found += [
                (page, fault["id"], [node["target"] for node in fault["nodes"]][:3])
                for fault in report["violations"]
                if fault["impact"] in ("serious", "critical")
            ]
    finally:
        window.close()
    assert found == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_wider_than_a_phone(browser: Browser, base: str, page: str) -> None:
    browser.resize(500, 900)  # Chromium's windows are no narrower; the page itself is set to a phone's width
    browser.open(base + page)
    browser.run("document.documentElement.style.maxWidth = '360px'")
    assert browser.run("return document.body.scrollWidth") <= 360


def test_nothing_comes_from_elsewhere_and_nothing_is_refused_by_the_policy(browser: Browser, base: str) -> None:
    for page in PAGES:
        browser.open(base + page)
        names = browser.run("return performance.getEntriesByType('resource').map(each => each.name)")
        assert all(name.startswith(base) for name in names)
        assert browser.run("return getComputedStyle(document.body).marginTop") == "0px"  # the style was applied


def test_the_comparison_takes_less_than_150_kb(browser: Browser, base: str) -> None:
    browser.open(f"{base}/compare/mask2former-swin-large-cityscapes-semantic-vs-flux-1-pro")
    sizes = browser.run(
        "return ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))"
        ".map(each => each.encodedBodySize)"
    )
    assert 0 < sum(sizes) <= 150_000


def test_constraints_change_the_results_without_a_new_page(browser: Browser, base: str) -> None:
    browser.open(f"{base}/search?q=images")
    browser.run("window.kept = true; const field = document.querySelector('select[name=type]'); field.value = 'api'; "
                "field.dispatchEvent(new Event('change', {bubbles: true}))")  # fmt: skip
    end = time.monotonic() + 20
    while "type=api" not in browser.run("return location.search") and time.monotonic() < end:
        time.sleep(0.1)
    kinds = browser.run("return [...document.querySelectorAll('.hit > .muted')].map(each => each.textContent)")
    assert kinds
    assert all(kind.strip().startswith("API") for kind in kinds)
    assert browser.run("return window.kept") is True
    assert browser.run("return document.querySelector('form[data-live] button').hidden") is True


def test_the_keyboard_reaches_the_content_first(browser: Browser, base: str) -> None:
    browser.open(f"{base}/ranks")
    first = "return document.querySelector('a, button, input, [tabindex]').getAttribute('href')"
    assert browser.run(first) == "#main"
