"""Every setting, set wrongly: `huiyin serve` does not start, says which one and what to set, and shows no traceback."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = [pytest.mark.slow, pytest.mark.embedded]
CLI = [sys.executable, "-m", "huiyin.cli"]
WRONG = {
    "PORT": "eighty",
    "HUIYIN_BEHIND_PROXY": "maybe",
    "HUIYIN_DATABASE": "mysql://root:geheim@db/x",
    "HUIYIN_DEBUG": "perhaps",
    "HUIYIN_FILE_BYTES": "12",
    "HUIYIN_SENDINGS": "-1",
    "HUIYIN_SENDINGS_OF_ADDRESS": "few",
    "HUIYIN_HOSTS": "https://huiyin.example",
    "HUIYIN_MAIL": "post:geheim@nowhere",
    "HUIYIN_SMS": "http://:geheim@gateway.example/send",
    "HUIYIN_SMS_TOKEN": "geheim\nX-Other: 1",
    "HUIYIN_URL": "huiyin.example",
    "HUIYIN_WEB_PROCESSES": "0",
    "HUIYIN_WEB_THREADS": "many",
    "HUIYIN_ZONE": "Mars/Olympus",
    "HUIYIN_KEYS": "not = a key",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path, name: str) -> None:
    home = {"HUIYIN_HOME": str(tmp_path), "HUIYIN_DATABASE": "sqlite"}
    ours = {key: value for key, value in os.environ.items() if not key.startswith("HUIYIN_")}
    if name != "HUIYIN_KEYS":
        subprocess.run([*CLI, "setup-secrets"], env={**ours, **home}, check=True, capture_output=True)
    done = subprocess.run(
        [*CLI, "serve", "--port", "0"] if name != "PORT" else [*CLI, "serve"],
        env={**ours, **home, name: WRONG[name]},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 4 and name in said, (done.returncode, said)
    assert "Traceback" not in said and "geheim" not in said
    assert re.search("[一-鿿]", said) and re.search("must|is not set|there is no|needs|cannot", said), said
