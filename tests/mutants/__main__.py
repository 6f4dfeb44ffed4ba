"""`make mutate`: make each mutant in a copy of the tree, run the tests that should notice, name those that live.

The working tree is only read. A mutant counts as killed where a test fails; one that no test can even be collected with
(no plan at all, no Python) proves nothing and counts as a fault, like one that is stale or lives. Exit status 0 or 1.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.everywhere import OURS, ROOT

from . import catalogue
from .catalogue import Mutant

SECONDS = 120  # a run of tests that takes longer hangs
AT_ONCE = os.cpu_count() or 2
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "node_modules")
FAILED = re.compile(r"^(?:SUB)?(?:FAILED|ERROR)\b.*?(\S+\.py.*?)(?: - .*)?$", re.MULTILINE)


def pytest(tree: Path, tests: tuple[str, ...]) -> tuple[int, str]:
    """Run these tests in this tree until one fails: exit status, and the test that failed."""
    environment = {name: value for name, value in os.environ.items() if not OURS.fullmatch(name)}
    environment |= {"OPS_VAR": str(tree / "var"), "PYTHONDONTWRITEBYTECODE": "1"}  # bytecode could outlive its mutant
    command = [sys.executable, "-m", "pytest", "-x", "--tb=no", "-rfE", *tests]
    try:
        ended = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return -1, f"no end after {SECONDS} s"
    found = FAILED.search(ended.stdout)
    return ended.returncode, found[1] if found else (ended.stdout + ended.stderr)[-500:].strip()


def judge(mutant: Mutant, tree: Path) -> tuple[bool, str]:
    """Whether the tests kill the mutant, and which one, or what is wrong; the tree is afterwards what it was."""
    path = tree / mutant.file
    try:
        mutated, original = mutant.text(tree), path.read_text(encoding="utf-8")
    except ValueError as stale:
        return False, str(stale)
    path.write_text(mutated, encoding="utf-8")
    try:
        status, said = pytest(tree, mutant.tests)
    finally:
        path.write_text(original, encoding="utf-8")
    if status == 1:
        return True, said
    return False, "LIVES" if status == 0 else f"no test could judge it: {said}"


def main(wanted: list[str]) -> int:
    """Judge the mutants whose names hold one of the words, or all of them; print a table."""
    mutants = [m for m in catalogue.every() if not wanted or any(word in m.name for word in wanted)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shuozhou_mutants_") as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_ONCE):
            trees.put(Path(shutil.copytree(ROOT, Path(folder) / str(number), ignore=LEFT_OUT)))
        first = trees.get()
        status, said = pytest(first, tuple(sorted({test for mutant in mutants for test in mutant.tests})))
        trees.put(first)
        if status:
            print(f"the tests fail without any mutant: {said}")
            return 1

        def one(mutant: Mutant) -> tuple[bool, str]:
            tree = trees.get()
            try:
                return judge(mutant, tree)
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            alive = 0
            for mutant, (killed, by) in zip(mutants, pool.map(one, mutants), strict=True):
                print(f"{'killed' if killed else 'FAULT '} | {mutant.name} | {by}", flush=True)
                alive += not killed
    print(f"{len(mutants) - alive} of {len(mutants)} mutants killed in {time.monotonic() - began:.0f} s")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
