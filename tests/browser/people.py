"""What a person does at a page: unfolds, types, presses. The same with JavaScript and without."""

from playwright.sync_api import Locator, Page, expect


def unfold(target: Locator) -> Locator:
    """Open whatever is folded around it, from the outside in."""
    for details in target.locator("xpath=ancestor::details[not(@open)]").all():
        details.locator("> summary").click()
    return target


def act(page: Page, name: str, button: str = "", **typed: str) -> None:
    """Fill in the form of an act (`decide`, `approve-3`) and press its button."""
    form = page.locator(f"#act-{name}")
    expect(form).to_have_count(1)
    unfold(form)
    for field, value in typed.items():
        form.locator(f'[name="{field}"]').fill(value)
    press(form.locator(f'button:has-text("{button}")' if button else "button.btn").last)


def press(button: Locator) -> None:
    """Press a button that leads to another page, and wait until that page says what was done."""
    unfold(button).click()
    button.page.wait_for_load_state()


def done(page: Page, words: str) -> None:
    """The page says that it was done."""
    expect(page.locator("#messages")).to_contain_text(words)


def greyed(page: Page, label: str, reason: str) -> None:
    """A button of this label cannot be pressed, and beside it stands why."""
    offer = page.locator(".offer--not", has=page.locator(f'button[disabled]:has-text("{label}")')).first
    unfold(offer)
    expect(offer).to_contain_text(reason)
