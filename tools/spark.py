"""The figures on Spark, on a cluster of two workers: python tools/spark.py [pytest's arguments].

Spark's packages come once into .venv-spark, beside the environment and not into it: 430 MB to fetch, 800 MB on disk,
for what an ordinary office never runs. Java must be there; it is the system's.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.setup import PYTHON, ROOT, digest, run, say, stop

FOLDER = ROOT / ".venv-spark"
LOCKED = ROOT / "requirements" / "spark.txt"
JAVA = 17
CLUSTER = "local-cluster[2,1,1024]"  # workers, processors and megabytes of each
TESTS = ["test_other_engines", "test_catalogue", "test_own"]


def java() -> int:
    """The number of the Java that Spark would run on; 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    command = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if command is None or not Path(command).exists():
        return 0
    said = subprocess.run([command, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def require_java() -> None:
    """Say what to install where Spark could not start."""
    found = java()
    if found < JAVA:
        had = f" {found}" if found else ""
        stop(
            f"Spark 需要 Java {JAVA} 或更新版本，"
            + (f"这里是{had}。" if found else "这里没有。")
            + f"请运行：sudo apt-get install openjdk-{JAVA}-jre-headless    然后再运行一次 make test-spark",
            f"Spark needs Java {JAVA} or newer; "
            + (f"this is{had}. " if found else "there is none here. ")
            + f"Type: sudo apt-get install openjdk-{JAVA}-jre-headless    and then make test-spark again",
        )


def install() -> None:
    """The exact packages of requirements/spark.txt, checked by hash, in a folder of their own."""
    stamp, fingerprint = FOLDER / "huiyin-stamp", digest([LOCKED], sys.version)
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    say("正在安装 Spark（下载约 430 MB，只有这一次）…", "Installing Spark (430 MB to fetch, this once) …")
    shutil.rmtree(FOLDER, ignore_errors=True)
    # Spark's own package comes as source alone: it is Java, and nothing of it is compiled here.
    quiet = ["--quiet", "--quiet", "--no-input", "--disable-pip-version-check", "--no-warn-script-location"]
    only = ["--require-hashes", "--only-binary", ":all:", "--no-binary", "pyspark"]
    run(PYTHON, "-m", "pip", "install", *quiet, *only, "--target", FOLDER, "-r", LOCKED)
    stamp.write_text(fingerprint)


def main(arguments: list[str]) -> int:
    """Install, run the tests on the cluster, and throw its folders away; pytest's exit code."""
    require_java()
    install()
    files = [f"huiyin/analytics/tests/{name}.py" for name in TESTS]
    with tempfile.TemporaryDirectory(prefix="huiyin-test-spark-") as scratch:
        environment = {
            **os.environ,
            "PYTHONPATH": str(FOLDER),
            "SPARK_HOME": str(FOLDER / "pyspark"),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": scratch,
            "PYSPARK_PYTHON": str(PYTHON),
            "HUIYIN_SPARK": CLUSTER,
        }
        command = [
            str(PYTHON),
            "-m",
            "pytest",
            "--durations",
            "5",
            "--durations-min",
            "1",
            *(arguments or files),
        ]
        try:
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        finally:
            shutil.rmtree(FOLDER / "pyspark" / "work", ignore_errors=True)  # the workers' diaries


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
