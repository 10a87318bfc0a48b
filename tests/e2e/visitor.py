"""What a visitor does and sees, for all browser tests."""

from playwright.sync_api import FloatRect, Locator, Page, expect

from components.shell.course import COURSE

PHONE = {"width": 390, "height": 844}
PROJECTOR = {"width": 1920, "height": 1080}

MOUNTED = """() => !document.querySelector("[data-testid=stSkeleton]") &&
  [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")].every(
    (one) => one.dataset.drawn !== undefined || one.shadowRoot?.querySelector("section.stage:not([data-ready])"))
"""
"""Whether every component on the page has drawn, or says itself that it has no data yet."""


def upload(page: Page, name: str, data: bytes) -> None:
    """Upload a file through the page's first file input."""
    page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "", "buffer": data})


def wait_for_photo(page: Page, name: str) -> None:
    """Wait until the photo's card shows this name."""
    expect(page.locator(".photo-card").get_by_text(name)).to_be_visible()


def animation(page: Page) -> Locator:
    """Return the convolution animation."""
    return page.get_by_role("region", name="Convolution animation")


def stage(page: Page, name: str) -> Locator:
    """Return the animation of this name, once it has its data."""
    found = page.locator(f'section.stage[data-ready][aria-label="{name}"]')
    expect(found).to_have_count(1)
    return found


def ready(page: Page) -> Page:
    """Wait until the page's first animation has its data, and all components that are there their place."""
    expect(page.locator("section.stage[data-ready]").first).to_be_attached()
    page.wait_for_function(MOUNTED)
    return page


def number(locator: Locator) -> float:
    """Return the number that an element shows, with all its digits."""
    return float(locator.get_attribute("data-value") or "nan")


def choose(option: Locator, timeout: float | None = None) -> None:
    """Choose a radio button or check box as a visitor does, by clicking on its label once it stands still."""
    option.locator("xpath=ancestor::label").click(timeout=timeout)
    expect(option).to_be_checked(timeout=timeout)


def follow(page: Page, path: str) -> None:
    """Follow the bar's link to the page at a path, "" for the home page, and wait for its title.

    In the projector view and on a phone the numbers are hidden; a script's click still reaches them.
    """
    part = next(part for part in COURSE if part.path == path)
    link = page.locator(f'.st-key-bar-steps a[href$="{path}"]' if path else ".st-key-bar-home a")
    link.evaluate("link => link.click()")
    expect(page.locator("h1")).to_have_text(part.title if path else "See a neural network learn")


AT_REST = """() => document.getAnimations().every(
    (one) => one.playState !== "running" || one.effect?.getComputedTiming().iterations === Infinity)
"""
"""Whether nothing fades in or moves any more, but for what moves without an end."""


def open_act(page: Page, name: str) -> Locator:
    """Go to an act of the page by its entry in the index, such as "5 Vanishing", and return the act, open."""
    entry = page.get_by_role("navigation", name="On this page").get_by_role("button", name=name, exact=True)
    entry.click()
    key = entry.get_attribute("data-act")
    expect(page.locator(f".st-key-{key} > [data-testid=stExpander] > details:not([open])")).to_have_count(0)
    # Where its growing ends, Streamlit closes and opens it once more in one frame, which moves the end of the page.
    page.wait_for_function(AT_REST)
    return page.locator(f".st-key-{key}")


def open_tab(page: Page, name: str) -> Locator:
    """Open a tab of the reference, such as "The same in Keras", and return what it holds."""
    page.locator(".st-key-reference-panel").get_by_role("tab", name=name).click()
    panel = page.get_by_role("tabpanel", name=name)
    expect(panel).to_be_visible()
    return panel


def settle(page: Page) -> None:
    """Wait until the page's last element is there, nothing is running, and every animation has its message."""
    expect(page.locator(".st-key-lesson-ways a").first).to_be_visible()
    expect(page.locator(".stApp[data-test-script-state=running]")).to_have_count(0)
    # First the places, then their messages: a place that comes later would not be missed.
    page.wait_for_function(MOUNTED)
    expect(page.locator("section.stage:not([data-ready])")).to_have_count(0)
    expect(page.locator(".lines button:empty")).to_have_count(0)  # Keras lines without their message yet
    page.wait_for_function(AT_REST)


def box(locator: Locator) -> FloatRect:
    """Return an element's box on the page, in CSS pixels."""
    rectangle = locator.bounding_box()
    assert rectangle is not None, "the element is not shown"
    return rectangle
