"""Sets one document: reads data on standard input, writes a PDF or pictures to standard output. A process of its own.

Knows nothing of the house, so that it starts in a tenth of a second and can be ended without harm.
"""

import base64
import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 2 * 1024**3  # octets of address space
SECONDS = 60  # of processor time


def main() -> int:
    """Set what stands on standard input: template, document, fonts, and `at`, the moment that the paper bears."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    import typst  # after the limits, and only here: 80 MB that no web process has to carry

    asked = json.load(sys.stdin)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=asked["fonts"])
    template, told = Path(asked["template"]), {"document": asked["document"]}
    compiler = typst.Compiler(template, font_paths=fonts, sys_inputs=told)
    made: Any
    if asked["as"] == "png":
        made = compiler.compile(format="png", ppi=220)
        pages = made if isinstance(made, list) else [made]
        sys.stdout.write(json.dumps([base64.b64encode(page).decode() for page in pages]))
    else:
        made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=asked["at"])
        sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
