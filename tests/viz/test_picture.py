"""The page of kg.viz.html in Chromium, without a network: every control, by mouse and by keyboard, and hostile texts.

After every test the page must have asked for nothing but itself, broken no rule of its policy, and logged no error.
Where Chromium is missing the tests are skipped; where JAK_KG_BROWSER is ``required`` they fail.
"""

import base64
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pictures
import pytest

from kg.profiles import profile
from kg.sparql.graph import OpenGraph
from kg.viz import contract, layout, scenes
from kg.viz import html as picture

pytestmark = pytest.mark.browser
REMEDY = "apt-get install chromium chromium-driver, and pip install selenium"
try:
    from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService, Keys
    from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
    from selenium.webdriver.remote.webelement import WebElement
    from selenium.webdriver.support.ui import Select, WebDriverWait

    FOUND = bool(shutil.which("chromium") and shutil.which("chromedriver"))
except ImportError:
    FOUND = False

ARGUMENTS = """headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking
disable-component-update disable-sync window-size=1280,900 host-resolver-rules=MAP*~NOTFOUND""".split()
WATCH = """
window.wrong = [];
addEventListener("securitypolicyviolation", (event) => wrong.push(`${event.effectiveDirective} ${event.blockedURI}`));
addEventListener("error", (event) => wrong.push(`error ${event.message}`), true);
addEventListener("unhandledrejection", (event) => wrong.push(`rejection ${event.reason}`));
"""


class Page:
    """One page in the browser, seen as its reader sees it."""

    def __init__(self, browser: "Chrome", file: Path) -> None:
        self.browser, self.url = browser, file.as_uri()

    def open(self, html: str, *, script: bool = True) -> "Page":
        Path(self.url.removeprefix("file://")).write_text(html, encoding="utf-8")
        self.requests()
        self.log("browser")
        self.browser.get(self.url)
        if script:
            self.until(lambda: self.run("return performance.getEntriesByName('ready').length"))
        return self

    def run(self, script: str, *values: Any) -> Any:
        return self.browser.execute_script(script, *values)

    def until(self, holds: Callable[[], Any]) -> None:
        WebDriverWait(self.browser, 60).until(lambda _: holds())

    def one(self, selector: str) -> "WebElement":
        return self.browser.find_element("css selector", selector)

    def all(self, selector: str) -> "list[WebElement]":
        return self.browser.find_elements("css selector", selector)

    def box(self, word: str) -> "WebElement":
        """The checkbox of that label."""
        (found,) = [each for each in self.all("fieldset label") if each.text.strip() == word]
        return found.find_element("css selector", "input")

    def rows(self) -> dict[str, str]:
        """The first cell of every row that the tables show -> its id, which is that of the node or line."""
        script = "return [...document.querySelectorAll('tbody tr')].filter((row) => row.checkVisibility())"
        return dict(self.run(script + ".map((row) => [row.cells[0].textContent, row.id])"))

    def visible(self) -> set[str]:
        """What the picture shows, by name; the tables must show the same."""
        rows = self.rows()
        assert set(rows.values()) == set(self.run("return picture.visible()"))
        return set(rows)

    def selected(self) -> str:
        (found,) = self.names("picture.selected()")
        return found

    def names(self, script: str) -> set[str]:
        """The names of the ids that a script gives."""
        named = ".map((id) => document.getElementById(id).cells[0].textContent)"
        return set(self.run(f"return {script}{named}"))

    def lit(self) -> set[str] | None:
        return self.names("picture.lit()") if self.run("return picture.lit()") else None

    def panel(self) -> str:
        return self.one("#panel").text

    def click_at(self, x: float, y: float) -> None:
        """Click at a place of the canvas."""
        left, top = self.run("const {x, y} = document.querySelector('canvas').getBoundingClientRect(); return [x, y]")
        actions = ActionChains(self.browser, duration=0)
        pointer: Any = actions.w3c_actions.pointer_action
        pointer.move_to_location(round(left + x), round(top + y)).click()
        actions.perform()

    def place(self, name: str) -> tuple[float, float]:
        """Where the middle of a node is on the canvas."""
        found = self.run("return picture.place(arguments[0])", self.rows()[name])
        return found["x"], found["y"]

    def log(self, kind: str) -> list[dict[str, Any]]:
        """What the browser logged since the last call."""
        browser: Any = self.browser
        return list(browser.get_log(kind))

    def requests(self) -> list[str]:
        """The addresses that were asked for since the last call."""
        messages = [json.loads(each["message"])["message"] for each in self.log("performance")]
        return [each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"]

    def wrong(self) -> list[str]:
        """Errors, broken rules of the policy, and whatever was logged."""
        found = [*self.run("return window.wrong"), *(each["message"] for each in self.log("browser"))]
        return [each for each in found if "ResizeObserver loop" not in each]  # vis-network resizing twice in one frame


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Chrome"]:
    if not FOUND and os.environ.get("JAK_KG_BROWSER") == "required":
        pytest.fail(f"Chromium or selenium is missing, and JAK_KG_BROWSER is required: {REMEDY}")
    if not FOUND:
        pytest.skip(f"Chromium or selenium is missing: {REMEDY}")
    options = ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for argument in [*ARGUMENTS, f"user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument("--" + argument.replace("MAP*~", "MAP * ~"))
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    with Chrome(options=options, service=ChromeService(str(shutil.which("chromedriver")))) as driver:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        driver.execute_cdp_cmd("Network.enable", {})
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        driver.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
        yield driver


@pytest.fixture
def page(browser: "Chrome", tmp_path: Path) -> Iterator[Page]:
    """An empty page, that must have asked for nothing and done nothing wrong when the test ends."""
    shown = Page(browser, tmp_path / "page.html")
    yield shown
    assert shown.requests() == [shown.url]
    assert shown.wrong() == []


@pytest.fixture(scope="module")
def html() -> str:
    return picture.page(pictures.khurana())


@pytest.fixture
def case(page: Page, html: str) -> Page:
    """The page of the patient of the letter."""
    return page.open(html)


GRAPH = pictures.khurana()
NODES = set(GRAPH)
EDGES = {f"{one} → {other}: {about['label']}": about for one, other, about in GRAPH.edges(data=True)}
UNREFUTED = {name for name, about in EDGES.items() if about["status"] != "refuted"}
ENDS = {f"{one} → {other}: {about['label']}": {one, other} for one, other, about in GRAPH.edges(data=True)}


def sources(about: dict[str, Any]) -> set[str]:
    return {each["source"] for each in about["statements"]}


# it asks for nothing


def test_the_page_shows_everything_and_says_how_much(case: Page) -> None:
    assert case.visible() == NODES | EDGES.keys()
    assert case.one("#count").text == f"Shown: {len(NODES)} of {len(NODES)} nodes, {len(EDGES)} of {len(EDGES)} edges."
    assert case.run("return document.images.length + document.styleSheets.length") == 1


def test_what_is_not_ours_is_neither_run_nor_loaded_and_this_is_noticed(
    browser: "Chrome", tmp_path: Path, html: str
) -> None:
    foreign = """<script>window.pwned = 1</script><img src="https://example.org/x.png"><p style="color: red" id="red">
    </p><link rel="stylesheet" href="https://example.org/x.css"><form action="https://example.org"></form></body>"""
    page = Page(browser, tmp_path / "page.html").open(html.replace("</body>", foreign))
    page.run("document.querySelector('form[action]').submit()")
    page.until(lambda: len(page.run("return window.wrong")) >= 5)
    wrong = page.run("return window.wrong")
    for rule in ("script-src-elem inline", "img-src", "style-src-attr inline", "style-src-elem", "form-action"):
        assert [each for each in wrong if each.startswith(rule)], (rule, wrong)
    assert page.run("return window.pwned") is None
    assert page.run("return getComputedStyle(document.getElementById('red')).color") == "rgb(26, 26, 26)"
    with pytest.raises(Exception, match="TrustedHTML"):
        page.run("document.body.innerHTML = '<b>x</b>'")
    page.run("fetch('https://example.org/y').catch(() => {})")
    page.until(lambda: [each for each in page.run("return window.wrong") if each.startswith("connect-src")])
    page.requests()
    page.log("browser")


# filters


@pytest.mark.parametrize("status", ["accepted", "disputed", "refuted", "unknown"])
def test_the_filter_by_evidence(case: Page, status: str) -> None:
    box = case.box(status)
    box.click()
    left = {name for name, about in EDGES.items() if about["status"] != status}
    assert left < EDGES.keys()
    assert case.visible() == NODES | left
    assert case.one("#count").text.endswith(f"{len(left)} of {len(EDGES)} edges.")
    box.click()
    assert case.visible() == NODES | EDGES.keys()


@pytest.mark.parametrize("kind", pictures.COLUMNS)
def test_the_filter_by_kind_takes_the_lines_along(case: Page, kind: str) -> None:
    box = case.box(kind)
    box.click()
    left = {node for node in NODES if GRAPH.nodes[node]["kind"] != kind}
    assert case.visible() == left | {name for name in EDGES if ENDS[name] <= left}
    box.click()
    assert case.visible() == NODES | EDGES.keys()


@pytest.mark.parametrize("source", ["Khurana 2025", "Reactome", "Haan 2011", "Clark 2014"])
def test_the_filter_by_source(case: Page, source: str) -> None:
    choice = Select(case.one("#source"))
    assert [option.text for option in choice.options] == [
        "all sources",
        *sorted(set().union(*map(sources, EDGES.values()))),
    ]
    choice.select_by_visible_text(source)
    left = {name for name, about in EDGES.items() if source in sources(about)}
    assert case.visible() == left | set().union(*(ENDS[name] for name in left))
    choice.select_by_visible_text("all sources")
    assert case.visible() == NODES | EDGES.keys()


def test_filters_work_together_and_what_is_hidden_is_no_longer_selected(case: Page) -> None:
    case.one(f"#{case.rows()['IFN-γ']} button").click()
    assert case.selected() == "IFN-γ"
    case.box("cytokine").click()
    case.box("refuted").click()
    Select(case.one("#source")).select_by_visible_text("Clark 2014")
    assert case.run("return picture.selected()") == []
    assert "IFN-γ" not in case.panel()
    left = {name for name, about in EDGES.items() if "Clark 2014" in sources(about) and about["status"] != "refuted"}
    assert case.visible() == left | set().union(*(ENDS[name] for name in left))


# search


@pytest.mark.parametrize(
    ("text", "first", "some"),
    [
        ("jak3", "JAK3", "tofacitinib → JAK3: hits at 55 nM"),
        ("IL21", "IL-21", "IL-21 receptor"),
        ("ifn-gamma", "IFN-γ", "khurana-2025-1 → IFN-γ: 0.08-fold"),
        (GRAPH.nodes["tofacitinib"]["iri"], "tofacitinib", "tofacitinib"),
        ("IC50 787 nM", "baricitinib → JAK3: does not hit: 787 nM", "baricitinib → JAK3: does not hit: 787 nM"),
        ("plaques on feet", "relapse", "relapse"),
        ("kinase-inactive", "IL-21 receptor → JAK3: uses", "IL-21 receptor → JAK3: uses"),
    ],
)
def test_search_finds_names_iris_and_statements_and_enter_selects_and_shows(
    case: Page, text: str, first: str, some: str
) -> None:
    case.one("#search").send_keys(text)
    hits = [button.text for button in case.all("#hits button")]
    assert hits[0] == first
    assert some in hits
    assert case.one("#found").text.endswith("found; Enter selects the first.")
    case.one("#search").send_keys(Keys.ENTER)
    assert case.selected() == first
    assert case.panel().startswith(first)
    centre, scale = case.run("return [picture.centre(), picture.scale()]")
    canvas = case.one("canvas").size
    for x, y in (layout.positions(GRAPH)[node] for node in ENDS.get(first, {first})):
        assert abs(x - centre["x"]) * scale < canvas["width"] / 2
        assert abs(y - centre["y"]) * scale < canvas["height"] / 2
    assert case.all("#hits button") == []
    assert case.run("return document.activeElement.closest('#panel') !== null")


def test_search_says_where_there_is_nothing_and_leaves_out_what_is_filtered_out(case: Page) -> None:
    search = case.one("#search")
    search.send_keys("nosuchthing")
    assert case.one("#found").text == "Nothing found among what is shown."
    search.send_keys(Keys.ENTER)
    assert case.run("return picture.selected()") == []
    case.box("kinase").click()
    search.clear()
    search.send_keys("jak")
    assert not {button.text for button in case.all("#hits button")} & {"JAK1", "JAK3"}


def test_a_hit_can_be_clicked(case: Page) -> None:
    case.one("#search").send_keys("jak1")
    hit = case.all("#hits button")[2]
    name = hit.text
    hit.click()
    assert case.selected() == name
    assert case.one(f"#{case.rows()[name]}").get_attribute("class") == "chosen"


# selecting, and what stands behind it


def test_a_click_on_a_node_and_on_a_line_reads_them_out(case: Page) -> None:
    case.run("document.querySelector('#picture').scrollIntoView({block: 'center'})")
    case.click_at(*case.place("IL-21"))
    case.until(lambda: case.run("return picture.selected().length"))
    assert case.selected() == "IL-21"
    assert "2.33 of own uninvolved skin (mRNA, n = 1)." in case.panel()
    assert "https://w3id.org/jak-kg/thing-1" in case.panel()
    (one, y), (other, other_y) = case.place("khurana-2025-1"), case.place("IFN-γ")
    case.click_at(one + 0.4 * (other - one), y + 0.4 * (other_y - y))
    case.until(lambda: "0.08-fold" in case.panel())
    assert case.selected() == "khurana-2025-1 → IFN-γ: 0.08-fold"
    case.click_at(5, 40)
    case.until(lambda: not case.run("return picture.selected().length"))
    assert "Select a node or an edge" in case.panel()


def test_neighbours_do_not_catch_a_click(case: Page) -> None:
    case.run("document.querySelector('#picture').scrollIntoView()")
    for drug in ("delgocitinib", "ilginatinib", "tofacitinib"):
        x, y = case.place(drug)
        half = layout.HEIGHT / 2 * case.run("return picture.scale()")
        for near in (y - half + 3, y + half - 3):
            case.click_at(x, near)
            case.until(lambda drug=drug: case.panel().startswith(drug))  # type: ignore[misc]


def test_the_panel_has_every_statement_of_a_line_with_stance_quote_source_locator_and_link(case: Page) -> None:
    case.one(f"#{case.rows()['khurana-2025-1 → IL-21: 2.33-fold']} button").click()
    text = case.panel()
    for part in ("accepted", "raises", "measured", "upregulation of IL-21 (2.33-fold)", "Khurana 2025, Text"):
        assert part in text
    anchor = case.one("#panel a")
    assert anchor.get_attribute("href") == "https://example.org/khurana-2025"
    assert set(str(anchor.get_attribute("rel")).split()) == {"noopener", "noreferrer"}
    case.one(f"#{case.rows()['IL-21 receptor → JAK3: uses']} button").click()
    assert "inconclusive" in case.panel()
    assert "The presence of kinase-inactive Jak1 but not kinase-inactive Jak3" in case.panel()


def test_the_panel_leads_along_the_lines(case: Page) -> None:
    case.one(f"#{case.rows()['IL-21 receptor']} button").click()
    near = [button.text for button in case.all("#panel li button")]
    assert set(near) == {name for name in EDGES if "IL-21 receptor" in ENDS[name]}
    case.all("#panel li button")[near.index("IL-21 receptor → JAK1: needs")].click()
    assert case.selected() == "IL-21 receptor → JAK1: needs"
    assert [button.text for button in case.all("#panel li button")] == ["IL-21 receptor", "JAK1"]
    case.all("#panel li button")[1].click()
    assert case.selected() == "JAK1"
    labelled = case.names("picture.labelled()")
    assert {name for name in EDGES if "JAK1" in ENDS[name]} <= labelled


def test_a_hovered_thing_shows_its_whole_name(case: Page) -> None:
    case.run("document.querySelector('#picture').scrollIntoView({block: 'center'})")
    case.click_at(*case.place("granuloma annulare, 14 weeks"))
    case.until(lambda: case.all(".vis-tooltip") and case.one(".vis-tooltip").is_displayed())
    assert case.one(".vis-tooltip").text == "granuloma annulare, 14 weeks"


# the path of one drug


def path(drug: str, lines: set[str]) -> set[str]:
    """By breadth first search, apart from the page: what a drug reaches by ever lower, or by ever higher, columns."""
    found = {drug}
    for step in (-1, 1):
        border = {drug}
        while border:
            ways = {
                (name, other)
                for name in lines
                for one in border & ENDS[name]
                for other in ENDS[name] - {one}
                if (GRAPH.nodes[other]["layer"] - GRAPH.nodes[one]["layer"]) * step > 0
            }
            found |= {name for name, _ in ways} | {other for _, other in ways}
            border = {other for _, other in ways}
    return found


@pytest.mark.parametrize("drug", ["baricitinib", "tofacitinib", "pacritinib"])
def test_the_path_of_one_drug(case: Page, drug: str) -> None:
    choice = Select(case.one("#drug"))
    assert [option.text for option in choice.options] == ["none", *pictures.POTENCY]
    choice.select_by_visible_text(drug)
    expected = path(drug, set(EDGES))
    assert {"khurana-2025-1", "IL-21", "IL-21 receptor", "JAK1", drug} <= expected
    assert "IFN-γ" not in expected
    assert ("relapse" in expected) == (drug == "baricitinib")
    assert case.lit() == expected
    assert case.selected() == drug
    assert case.visible() == NODES | EDGES.keys()
    marked = {row.find_element("css selector", "th").text for row in case.all("tbody tr.lit")}
    assert marked == expected
    assert case.names("picture.labelled()") == expected & EDGES.keys()
    choice.select_by_visible_text("none")
    assert case.lit() is None


def test_what_is_not_on_the_path_is_dimmed_in_the_picture(case: Page) -> None:
    pixel = """const {x, y} = picture.place(arguments[0]), canvas = document.querySelector('canvas');
        const ratio = canvas.width / canvas.clientWidth, half = arguments[1] * picture.scale();
        return [...canvas.getContext('2d').getImageData((x - half) * ratio, y * ratio, 1, 1).data.slice(0, 3)]"""
    ids, inside = case.rows(), layout.WIDTH / 2 - 6
    fill = [int(contract.KINDS["drug"]["fill"][at : at + 2], 16) for at in (1, 3, 5)]
    assert case.run(pixel, ids["cerdulatinib"], inside) == fill
    Select(case.one("#drug")).select_by_visible_text("tofacitinib")
    case.until(lambda: case.run(pixel, ids["cerdulatinib"], inside) == [255, 255, 255])
    assert case.run(pixel, ids["tofacitinib"], inside) == fill
    case.log("browser")  # Chromium advises on reading pixels often


def test_the_path_follows_the_filters(case: Page) -> None:
    Select(case.one("#drug")).select_by_visible_text("baricitinib")
    case.box("refuted").click()
    assert case.lit() == path("baricitinib", UNREFUTED)
    assert "JAK3" in path("baricitinib", set(EDGES)) - path("baricitinib", UNREFUTED)
    case.box("drug").click()
    assert case.lit() is None


# buttons


def test_show_all_undoes_everything(case: Page) -> None:
    view = "const {x, y} = picture.centre(); return [picture.scale(), x, y]"
    before = case.run(view)
    for control in (case.box("accepted"), case.box("case"), case.one("#in"), case.one("#in")):
        control.click()
    Select(case.one("#drug")).select_by_visible_text("tofacitinib")
    Select(case.one("#source")).select_by_visible_text("Clark 2014")
    case.one("#search").send_keys("jak1")
    case.one("#all").click()
    assert case.visible() == NODES | EDGES.keys()
    assert case.lit() is None
    assert case.run("return picture.selected()") == []
    assert case.all("#hits button") == []
    assert case.one("#search").get_property("value") == ""
    assert [Select(case.one(f"#{name}")).first_selected_option.text for name in ("drug", "source")] == [
        "none",
        "all sources",
    ]
    assert all(box.is_selected() for box in case.all("input[type=checkbox]"))
    assert case.run(view) == pytest.approx(before)


def test_zoom_and_whole_picture(case: Page) -> None:
    first = case.run("return picture.scale()")
    case.one("#in").click()
    assert case.run("return picture.scale()") == pytest.approx(1.3 * first)
    case.one("#out").click()
    case.one("#out").click()
    assert case.run("return picture.scale()") == pytest.approx(first / 1.3)
    case.one("#in").click()
    case.one("#in").click()
    case.one("#whole").click()
    width, height = (case.one("canvas").size[side] for side in ("width", "height"))
    for node in NODES:
        x, y = case.place(node)
        assert 0 < x < width
        assert 0 < y < height


def test_the_wheel_scrolls_the_page_and_with_ctrl_zooms_the_picture(case: Page) -> None:
    before = case.run("return picture.scale()")
    origin = ScrollOrigin.from_element(case.one("canvas"))
    ActionChains(case.browser).scroll_from_origin(origin, 0, 200).perform()
    case.until(lambda: case.run("return scrollY"))
    assert case.run("return picture.scale()") == before
    wheel = "new WheelEvent('wheel', {deltaY: -100, ctrlKey: true, bubbles: true, cancelable: true})"
    case.run(f"document.querySelector('canvas').dispatchEvent({wheel})")
    case.until(lambda: case.run("return picture.scale()") > before)


# the keyboard, and readers of screens


def focused(page: Page) -> str:
    return str(
        page.run(
            "const at = document.activeElement; return at.id || at.closest('label')?.innerText.trim() || at.className"
        )
    )


def press(page: Page, *keys: str) -> None:
    ActionChains(page.browser).send_keys(*keys).perform()


def test_the_keyboard_reaches_every_control_and_the_focus_is_seen(case: Page) -> None:
    reached, seen = [], "const at = getComputedStyle(document.activeElement); return at.outlineStyle + at.outlineWidth"
    for _ in range(22):
        press(case, Keys.TAB)
        reached.append(focused(case))
        assert case.run(seen) == "solid3px"
    boxes = ["accepted", "disputed", "refuted", "unknown", *pictures.COLUMNS]
    assert reached[:-1] == [
        "skip",
        "search",
        *boxes,
        "source",
        "drug",
        "all",
        "whole",
        "in",
        "out",
        "vis-network",
        "pick",
        "pick",
    ]


def test_the_skip_link_leads_to_the_tables(case: Page) -> None:
    press(case, Keys.TAB)
    assert case.run("return document.activeElement.getBoundingClientRect().left") >= 0
    press(case, Keys.ENTER)
    case.until(lambda: case.run("return location.hash") == "#tables")
    press(case, Keys.TAB)
    assert case.run("return document.activeElement.closest('#things') !== null")
    press(case, Keys.ENTER)
    assert case.selected() == "khurana-2025-1"
    assert case.run("return document.activeElement.closest('#panel') !== null")
    press(case, Keys.TAB, Keys.ENTER)
    assert case.selected() == "khurana-2025-1 → IL-21: 2.33-fold"


def test_filters_search_path_and_buttons_by_keyboard_alone(case: Page) -> None:
    def go(name: str) -> None:
        for _ in range(40):
            press(case, Keys.TAB)
            if focused(case) == name:
                return
        raise AssertionError(name)

    go("refuted")
    press(case, Keys.SPACE)
    assert case.visible() == NODES | UNREFUTED
    go("source")
    press(case, Keys.ARROW_DOWN)
    assert Select(case.one("#source")).first_selected_option.text == "Clark 2014"
    assert "relapse" not in case.visible()
    press(case, Keys.ARROW_UP)
    go("drug")
    press(case, "b", "a", "r")
    assert case.lit() == path("baricitinib", UNREFUTED)
    assert case.selected() == "baricitinib"
    go("all")
    press(case, Keys.ENTER)
    assert case.visible() == NODES | EDGES.keys()
    go("in")
    before = case.run("return picture.scale()")
    press(case, Keys.SPACE)
    assert case.run("return picture.scale()") > before
    go("vis-network")
    centre = case.run("return picture.centre().x")
    ActionChains(case.browser).key_down(Keys.ARROW_RIGHT).pause(0.3).key_up(Keys.ARROW_RIGHT).perform()
    assert case.run("return picture.centre().x") > centre
    case.run("document.getElementById('search').focus()")
    press(case, "j", "a", "k", "1", Keys.TAB, Keys.TAB, Keys.ENTER)
    assert "JAK1" in case.selected()
    assert case.panel().startswith(case.selected())


def test_every_control_and_part_has_a_name_for_readers_of_screens(case: Page) -> None:
    controls = case.all("input, select, button, a")
    assert len(controls) > 60
    assert [each.tag_name for each in controls if not each.accessible_name] == []
    canvas = case.one("canvas")
    assert canvas.get_attribute("role") == "img"
    assert str(canvas.get_attribute("aria-label")).startswith(GRAPH.graph["title"])
    assert case.one("#panel").get_attribute("aria-live") == "polite"
    assert [caption.text for caption in case.all("caption")] == [
        "Nodes",
        "Edges, and the statements behind them",
    ]
    assert {cell.aria_role for cell in case.all("thead th")} == {"columnheader"}
    assert {cell.aria_role for cell in case.all("tbody tr:nth-child(-n + 3) th")} == {"rowheader"}
    assert case.run("return document.documentElement.lang") == "en"


# other ways to see it


def test_without_javascript_the_tables_stand_alone(page: Page, html: str) -> None:
    disabled = "Emulation.setScriptExecutionDisabled"
    page.browser.execute_cdp_cmd(disabled, {"value": True})
    try:
        page.open(html, script=False)
        assert page.one("#things").is_displayed()
        assert len(page.all("tbody tr")) == len(NODES) + len(EDGES)
        assert all(row.is_displayed() for row in page.all("#things tbody tr"))
        assert not page.one("#controls").is_displayed()
        assert not page.one("#stage").is_displayed()
        assert "The picture needs JavaScript." in page.one("noscript").text
    finally:
        page.browser.execute_cdp_cmd(disabled, {"value": False})


def test_at_400_pixels_nothing_is_cut_off(page: Page, html: str) -> None:
    narrow = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", narrow)
    try:
        page.open(html)
        assert page.run("return document.documentElement.scrollWidth") <= 400
        for each in page.all("input, select, #bar button, #picture, #panel, #legend, table, #things tbody tr"):
            box = each.rect
            assert 0 <= box["x"] <= box["x"] + box["width"] <= 400
        assert page.run("return picture.scale()") > 0.6
        page.box("drug").click()
        assert "tofacitinib" not in page.visible()
    finally:
        page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_print_has_picture_legend_and_tables(case: Page) -> None:
    case.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = {name: case.one(name).is_displayed() for name in ("#controls", "#bar", "#panel", ".skip")}
        assert not any(shown.values()), shown
        shown = {name: case.one(name).is_displayed() for name in ("canvas", "#legend", "#things", "#relations")}
        assert all(shown.values()), shown
    finally:
        case.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    printed = base64.b64decode(case.browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") >= 3


def test_after_an_error_the_tables_stand_alone(browser: "Chrome", tmp_path: Path, html: str) -> None:
    page = Page(browser, tmp_path / "page.html").open(html.replace('{"nodes":', '{"notes":'), script=False)
    assert [each for each in page.wrong() if "TypeError" in each]
    assert page.one("#things").is_displayed()
    assert page.requests() == [page.url]


# texts are data

HOSTILE = {
    "end of script": "</script><script>window.pwned = 1</script>",
    "image": "<img src=x onerror='window.pwned = 1'>",
    "attribute": "\"' onmouseover='window.pwned = 1' autofocus onfocus='window.pwned = 1",
    "template": "{{ 7 * 7 }} {% raw %} ${window.pwned = 1}",
    "comment": "<!-- <script> --> ]]> &lt;b&gt; &amp;",
    "link": "javascript:window.pwned = 1",
    "href": "<a href='https://example.org'>x</a>",
    "Greek": "IFN-γ αβδκλω Ω",
    "long": "a word and " * 30,
    "one long word": "W" * 300,
    "right to left": "שלום عليكم \u202eabc\u202c",
    "emoji": "🧬💊👩🏽\u200d⚕️",
    "lines": "one\ntwo\r\nthree\u2028four\tfive",
    "markdown of labels": "*bold* _italic_ <b>bold</b> `code`",
    "prototype": "__proto__",
    "odd characters": "\x01\x07\x7f \ufffd \ufeff end",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_texts_are_shown_as_they_are_and_never_run(page: Page, name: str) -> None:
    text = HOSTILE[name]
    page.open(picture.page(pictures.hostile(text)))

    def plain(shown: object) -> str:
        return " ".join(str(shown).split())

    seen = plain(text)
    for selector in (
        "h1",
        "header p",
        "#n0 th",
        "#n1 td:nth-child(2)",
        "#n0 td:nth-child(4) p",
        "#n0 code",
        "#e0 q",
        "#legend li",
    ):
        shown = [
            plain(each.text if each.is_displayed() else each.get_property("textContent")) for each in page.all(selector)
        ]
        assert seen in shown, (selector, shown)
    page.one("#e0 button").click()
    assert plain(page.one("#panel").get_property("textContent")).count(seen) >= 6
    page.run("document.querySelector('#picture').scrollIntoView({block: 'center'})")
    page.click_at(*(page.run("const {x, y} = picture.place('n0'); return [x, y]")))
    page.until(lambda: page.all(".vis-tooltip") and page.one(".vis-tooltip").is_displayed())
    assert plain(page.one(".vis-tooltip").get_property("innerText")) == seen
    page.one("#search").send_keys("".join(letter for letter in seen if ord(letter) < 0x10000)[:20], Keys.ENTER)
    page.all("input[name=kind]")[1].click()
    assert page.run("return picture.visible()") == ["n0"]
    assert page.run("return window.pwned") is None
    assert page.run("return document.images.length + document.scripts.length") == 4
    assert page.all("main b:not([class]), main i, header a, #tables a") == []
    assert "49" not in page.one("h1").text
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")


def test_right_to_left_texts_run_from_right_to_left(page: Page) -> None:
    page.open(picture.page(pictures.hostile("שלום עולם")))
    for selector in ("h1 bdi", "header p", "#n0 th bdi", "#n0 td:nth-child(2)", "#e0 q", "#e0 cite"):
        direction = "const at = document.querySelector(arguments[0]); return getComputedStyle(at).direction"
        expected = "ltr" if selector == "#n0 td:nth-child(2)" else "rtl"
        assert page.run(direction, selector) == expected, selector


# odd and large graphs


def test_every_kind_of_line_is_drawn(page: Page) -> None:
    graph = pictures.odd()
    page.open(picture.page(graph))
    assert len(page.visible()) == len(graph) + len(graph.edges)
    assert [box.get_attribute("value") for box in page.all("input[name=status]")] == list(contract.STATUSES)
    page.box("virus").click()
    assert page.visible() == {*graph} - {"virus"} | {f"{a} → {b}: {c['label']}" for a, b, c in graph.edges(data=True)}


def test_a_graph_of_nothing(page: Page) -> None:
    page.open(picture.page(pictures.empty("Nothing", [])))
    assert page.visible() == set()
    page.one("#all").click()
    page.one("#search").send_keys("x", Keys.ENTER)
    assert page.one("#found").text == "Nothing found among what is shown."


def test_2000_nodes_load_and_can_be_used(page: Page) -> None:
    graph = pictures.large(2100, 4000)
    page.open(picture.page(graph))
    assert "The picture has the first 2,000 of 2,100 nodes" in page.one("header").text
    shown = page.visible()
    assert len(shown & set(graph)) == 2000
    page.one("#search").send_keys("statement 1777", Keys.ENTER)
    assert page.selected().endswith("relation 1777")
    Select(page.one("#source")).select_by_visible_text("source 3")
    assert 0 < len(page.visible()) < len(shown)
    Select(page.one("#source")).select_by_visible_text("all sources")
    Select(page.one("#drug")).select_by_index(3)
    assert len(page.lit() or ()) > 1
    page.one("#all").click()
    assert page.visible() == shown


# the scenes that kg draw makes


def test_the_page_of_patient_1_says_why_and_on_whose_word(page: Page, graph: OpenGraph) -> None:
    page.open(picture.page(scenes.patient(graph, profile.of_case(graph, "khurana-2025-1"))))
    assert "which needs JAK1 and JAK3" in page.one("body").text
    Select(page.one("#drug")).select_by_visible_text("tofacitinib")
    lit = page.lit()
    assert lit is not None
    assert {"khurana-2025-1", "IL-21", "IL-21 receptor", "JAK1", "JAK3", "tofacitinib"} <= lit
    assert not {"baricitinib", "IFN-gamma"} & lit
    for drug, line, words in (
        ("tofacitinib", "tofacitinib → JAK1: hits: 15 nM", "IC50 15 nM"),
        ("baricitinib", "baricitinib → JAK3: spares: 787, >400 nM", "IC50 787 nM"),
    ):
        page.one("#search").clear()
        page.one("#search").send_keys(line, Keys.ENTER)
        assert page.selected() == line
        assert f"{drug} on {line.partition('→ ')[2][:4]}: {words}" in page.panel()
        links = {link.get_attribute("href") for link in page.all("#panel a")}
        assert "https://pubmed.ncbi.nlm.nih.gov/24417533/" in links
    page.one("#search").clear()
    page.one("#search").send_keys("khurana-2025-1 → IL-21", Keys.ENTER)
    assert "upregulation of IL-21 (2.33-fold)" in page.panel()


SCENES: dict[str, Callable[[OpenGraph], Any]] = {
    "mechanism": scenes.mechanism,
    "drug": lambda store: scenes.drug(store, "filgotinib"),
    "evidence": lambda store: scenes.evidence(store, "IL-21 receptor"),
    "literature": scenes.literature,
}


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_opens_and_shows_all(page: Page, graph: OpenGraph, name: str) -> None:
    scene = SCENES[name](graph)
    page.open(picture.page(scene))
    assert len(page.run("return picture.visible()")) == len(scene) + scene.number_of_edges()
    statuses = [status for _, _, status in scene.edges(data="status")]
    page.box(statuses[0]).click()
    shown = set(page.run("return picture.visible()"))
    left = len(statuses) - statuses.count(statuses[0])
    assert left <= len(shown) <= len(scene) + left
