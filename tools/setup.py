"""Make the house ready to run, from a fresh clone or after any change: python3 tools/setup.py [--test | --built].

Written for the system's bare Python (standard library only). Each step leaves a stamp and is skipped while what it
was made from has not changed. Nothing is installed outside this folder, no root is needed, nothing is asked.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "huiyin-stamps"
OLDEST = (3, 11)
ENGLISH = next(
    (os.environ[n] for n in ("HUIYIN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), ""
).lower().startswith("en")  # fmt: skip
SCRIPT = """#!/bin/sh
''''exec "{python}" "$0" "$@" # '''
import sys
from huiyin.cli import main
sys.exit(main())
"""


def say(chinese: str, english: str) -> None:
    """One line for the person at the terminal, in the terminal's tongue."""
    print(english if ENGLISH else chinese, flush=True)


def stop(chinese: str, english: str) -> None:
    """Say what is missing and what to type, and end."""
    say(chinese, english)
    raise SystemExit(1)


def digest(files: Iterable[Path], *words: str) -> str:
    """A fingerprint of files' contents and a few words."""
    total = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def sketch(files: Iterable[Path], *words: str) -> str:
    """A quick fingerprint: names, sizes and times instead of contents."""
    total = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        status = file.stat()
        total.update(f"{file.relative_to(ROOT)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return total.hexdigest()


def done(step: str, fingerprint: str) -> bool:
    """Whether the step was done for just this fingerprint."""
    stamp = STAMPS / step
    return stamp.exists() and stamp.read_text() == fingerprint


def remember(step: str, fingerprint: str) -> None:
    """Leave the step's stamp."""
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / step).write_text(fingerprint)


def run(*command: object, environment: dict[str, str] | None = None) -> None:
    """Run a command of ours; end with its exit code if it fails, after what it said itself."""
    code = subprocess.run([str(word) for word in command], cwd=ROOT, env=environment, check=False).returncode
    if code:
        raise SystemExit(code)


def check_python() -> None:
    """The Python that runs this must be new enough and able to make virtual environments."""
    if sys.version_info[:2] < OLDEST:
        had = ".".join(map(str, sys.version_info[:3]))
        stop(
            f"需要 Python 3.11 或更新版本，这里是 {had}。装好后请运行：make run PYTHON=python3.11",
            f"Python 3.11 or newer is needed; this is {had}. When you have one, type: make run PYTHON=python3.11",
        )
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        stop(
            f"缺少 python3-venv。请运行：sudo apt-get install {package}    然后再运行一次 make run",
            f"python3-venv is missing. Type: sudo apt-get install {package}    and then make run again",
        )


def make_venv() -> None:
    """A virtual environment in .venv; made anew when the folder was moved or its Python has gone."""
    fingerprint = digest([], str(VENV), sys.version)
    works = PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0
    if works and (done("venv", fingerprint) or not (STAMPS / "venv").exists()):
        remember("venv", fingerprint)
        return
    say("正在建立 .venv …", "Making .venv …")
    shutil.rmtree(VENV, ignore_errors=True)
    run(sys.executable, "-m", "venv", VENV)
    remember("venv", fingerprint)


def install(name: str) -> None:
    """Install the exact packages of requirements/<name>.txt, checked by hash."""
    locked = ROOT / "requirements" / f"{name}.txt"
    fingerprint = digest([locked])
    if done(name, fingerprint):
        return
    say(f"正在安装锁定的依赖（{name}）…", f"Installing what is locked ({name}) …")
    quiet = ["--quiet", "--quiet", "--no-input", "--disable-pip-version-check", "--no-warn-script-location"]
    run(PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "--only-binary", ":all:", "-r", locked)
    # Compiled now, whatever the environment says of bytecode: every start is a second shorter.
    compiling = [str(PYTHON), "-m", "compileall", "-q", "-j", "2", str(VENV / "lib")]
    subprocess.run(compiling, check=False, stdout=subprocess.DEVNULL)
    remember(name, fingerprint)


def place_command() -> None:
    """.venv/bin/huiyin, and the house itself importable from the environment."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    for file, text in (
        (site / "huiyin.pth", f"{ROOT}\n"),
        (VENV / "bin" / "huiyin", SCRIPT.format(python=PYTHON)),
    ):
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
    (VENV / "bin" / "huiyin").chmod(0o755)


def build_static() -> None:
    """What npm brings, then every static file with its far-future name into staticfiles/."""
    sources = [ROOT / "package-lock.json", ROOT / "tools" / "build_static.py"]
    sources += (ROOT / "huiyin" / "web" / "static_src").glob("*")
    built = ROOT / "huiyin" / "web" / "static" / "built"
    fingerprint = digest(sources)
    if not (done("built", fingerprint) and (built / "htmx.min.js").exists()):
        say("正在生成静态文件…", "Building static files …")
        run(PYTHON, "tools/build_static.py")
        remember("built", fingerprint)
    ours = [file for file in (ROOT / "huiyin").glob("*/static/**/*") if file.is_file()]
    fingerprint = sketch(ours, digest([ROOT / "requirements" / "base.txt"]))
    if not (done("collected", fingerprint) and (ROOT / "staticfiles" / "staticfiles.json").exists()):
        run(PYTHON, "tools/collect_static.py")
        remember("collected", fingerprint)


def compile_translations() -> None:
    """Catalogues as the program reads them."""
    sources = list((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    fingerprint = sketch(sources)
    if done("words", fingerprint) and all(source.with_suffix(".mo").exists() for source in sources):
        return
    run(PYTHON, "tools/compile_translations.py")
    remember("words", fingerprint)


def main(arguments: list[str]) -> None:
    """Every step in order, one setup at a time. --built stops before the data; --test adds what tests need.

    --test --mutation adds what makes mutants.
    """
    check_python()
    began = time.monotonic()
    lock = os.open(ROOT / "tools", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    make_venv()
    install("base")
    if "--test" in arguments:
        install("test")
    if "--mutation" in arguments:
        install("mutation")
    place_command()
    build_static()
    compile_translations()
    if not {"--test", "--built"} & set(arguments):
        for command in (("setup-secrets", "--if-missing"), ("prepare",)):
            run(VENV / "bin" / "huiyin", *command)
    if (seconds := time.monotonic() - began) > 10:
        say(f"已就绪（{seconds:.0f} 秒）。", f"Ready ({seconds:.0f} s).")


if __name__ == "__main__":
    main(sys.argv[1:])
