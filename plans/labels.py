"""How levels are printed: never a bare number. Official wording, in Chinese whoever reads. No Django here."""

NUMERALS = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}


def level_name(level: int | None) -> str:
    """A response level in full, as the texts print it: 三级响应."""
    return f"{NUMERALS.get(level, str(level))}响应" if level is not None else "未启动响应"
