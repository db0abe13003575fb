"""Names of styles: a template names none that no style sheet and no script knows, for such a name does nothing."""

import re
from pathlib import Path

WEB = Path(__file__).parents[1]
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
NAMES_ONLY = {  # of parts that need no style of their own
    *(
        "chain",
        "chain__picture",
        "chart__most",
        "command",
        "events",
        "grow",
        "hits",
        "limits",
        "prose",
        "table--bars",
    )
}


def known() -> set[str]:
    """Every name that a sheet or a script speaks of."""
    sheets = "".join(each.read_text(encoding="utf-8") for each in WEB.glob("static/*.css"))
    scripts = "".join(each.read_text(encoding="utf-8") for each in WEB.glob("static/*.js"))
    name = r"(-?[a-zA-Z_][\w-]*)"
    return {*re.findall(rf"\.{name}", sheets), *re.findall(rf"[\"'. ]{name}", scripts)}


def test_every_class_in_a_template_is_one_that_a_sheet_or_a_script_knows():
    styled, strange = known() | NAMES_ONLY, set()
    for template in WEB.rglob("*.html"):
        bare = TAGS.sub("\0", template.read_text(encoding="utf-8"))
        for said in re.findall(r'class="([^"]*)"', bare):
            names = {name.strip("\0") for name in said.split()}
            whole = {name for name in names if name and "\0" not in name and not name.endswith("--")}
            strange |= {f"{template.relative_to(WEB)}: {name}" for name in whole - styled}
    assert not strange
