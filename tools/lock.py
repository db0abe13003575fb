"""Lock what requirements/*.in ask for: exact versions with hashes, for every platform, without any host's name."""

import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "requirements"
NAMES = ("base", "test", "node", "mutation", "spark")


def compile_one(uv: Path, name: str, *, extra: list[str]) -> None:
    """Write requirements/<name>.txt from requirements/<name>.in; versions stay unless extra says --upgrade."""
    options = (
        "--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url"
    )
    subprocess.run(
        [uv, "--quiet", "pip", "compile", *options.split(), *extra, f"{name}.in", "-o", f"{name}.txt"],
        cwd=FOLDER,
        check=True,
    )


def main(extra: list[str]) -> None:
    """Compile every list, with uv fetched for this once."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--target", folder, "uv"], check=True)
        for name in NAMES:
            compile_one(Path(folder) / "bin" / "uv", name, extra=extra)


if __name__ == "__main__":
    main(sys.argv[1:])
