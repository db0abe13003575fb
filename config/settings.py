"""Every setting of Huiyin, in one file."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
HUIYIN_HOME = BASE_DIR / "var"
HUIYIN_ZONE = "Asia/Shanghai"
HUIYIN_PROFILE = "demo"
SECRET_KEY = "made by setup"
DEBUG = True
ROOMS = [
    "kernel", "ledger", "accounts", "organisation", "people", "deadlines", "cases",
    "channels", "evaluation", "publication", "analytics", "web",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *[f"huiyin.{room}" for room in ROOMS],
]
AUTH_USER_MODEL = "accounts.User"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": HUIYIN_HOME / "huiyin.sqlite3"}}
ROOT_URLCONF = "config.urls"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"
