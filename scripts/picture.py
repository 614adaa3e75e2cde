"""Take the picture of the speaker page for the README, docs/page.png, in the middle of a quiz.

Run it as `python -m scripts.picture`. `--dark`, `--width` and `--height` show the page otherwise, `--view first` before
anything was said; give them another `--to`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from skill.errors import SkillError
from skill.speakers import web
from skill.stores import open_store

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
PICTURE = Path(__file__).parents[1] / "docs" / "page.png"
MOST_BYTES = 200_000


def main() -> int:
    """Take the picture; return 0, or 1 after one line that says what to do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=PICTURE)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=900)
    parser.add_argument("--height", type=int, default=780)
    parser.add_argument("--view", choices=["first", "quiz"], default="quiz")
    options = parser.parse_args()
    browser = shutil.which("chromium")
    if browser is None:
        print("there is no chromium: install it, on Debian with apt-get install chromium", file=sys.stderr)
        return 1
    try:
        server = web.Server("127.0.0.1", 0, web.application(open_store("memory://")))
    except SkillError as error:
        print(error, file=sys.stderr)
        return 1
    threading.Thread(target=server.answer, daemon=True).start()
    take(browser, f"http://127.0.0.1:{server.port}", options)
    size = options.to.stat().st_size
    print(f"{options.to}: {size // 1000} kB")
    return 0 if size < MOST_BYTES else 1


def take(browser: str, url: str, options: argparse.Namespace) -> None:
    """Open the page at `url`, ask, begin a quiz, and keep what is seen then."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
        page = chromium.new_page(
            viewport={"width": options.width, "height": options.height},
            color_scheme="dark" if options.dark else "light",
            reduced_motion="reduce",
            timezone_id="America/New_York",
            locale="en-US",
        )
        page.goto(url)
        if options.view == "quiz":
            page.get_by_role("button", name="Quiz me").click()
            # After an answer, at a question with three choices, which shows the most: a round has one, as a rule.
            for number in range(1, 5):
                page.get_by_role("group", name=f"Question {number}").wait_for()
                if number > 1 and page.locator(".choice").count() > 2:
                    break
                page.locator(".choice").nth(0).click()
        page.mouse.move(0, 0)
        page.screenshot(path=options.to)
        chromium.close()


if __name__ == "__main__":
    sys.exit(main())
