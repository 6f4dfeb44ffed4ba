"""The real browser of the browser tests: where it is, and how it comes here."""

import os
import shutil
import subprocess
from functools import lru_cache

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")
INSTALL = f"install it: apt-get install {' '.join(PACKAGES)}"


@lru_cache
def found() -> str | None:
    """The path of the Chromium on the PATH."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    """Ask the package manager for it, where that is ours to do: as root on a machine that is only there to test."""
    apt = shutil.which("apt-get")
    if found() or not apt or os.geteuid() != 0:
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        subprocess.run([apt, "-q", *command], env=environment, stdout=subprocess.DEVNULL, check=False)
    found.cache_clear()


def version() -> str:
    """What it says of itself."""
    path = found()
    return (
        subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip() if path else ""
    )
