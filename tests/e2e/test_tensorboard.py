"""TensorBoard in the page and under the app's own address."""

from playwright.sync_api import expect

from tests.e2e.visitor import open_act, settle


def test_it_opens_in_the_page_under_the_apps_address_and_asks_nobody_else(open_page, server):
    page = open_page("/callbacks")
    settle(page)
    open_act(page, "3 TensorBoard")
    link = page.get_by_role("link", name="Open it in a tab of its own")
    expect(link).to_have_attribute("href", "/tensorboard/")
    page.get_by_role("button", name="Open TensorBoard here").click()
    frame = page.frame_locator('iframe[src="/tensorboard/"]')
    expect(frame.get_by_text("TensorBoard", exact=True).first).to_be_visible(timeout=30_000)
