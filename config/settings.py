"""Every setting of Huiyin, in one file. What an operator may change is read from the environment by config.env."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env
from huiyin.kernel import folders, keys

BASE_DIR = Path(__file__).resolve().parent.parent

# ── This installation ─────────────────────────────────────────────────────────────────────────────────────
HUIYIN_ZONE = env.zone("HUIYIN_ZONE", default="Asia/Shanghai")
HUIYIN_PROFILE = env.text("HUIYIN_PROFILE", default="demo")
HUIYIN_PROFILES = env.path("HUIYIN_PROFILES", default=BASE_DIR / "profiles")
HUIYIN_DEMONSTRATION = folders.is_demonstration(HUIYIN_PROFILES / HUIYIN_PROFILE)
HUIYIN_HOME = env.path("HUIYIN_HOME", default=folders.home_of(BASE_DIR, HUIYIN_PROFILES / HUIYIN_PROFILE))
PORT = env.number("PORT", default=8000, least=1, most=65535)
HUIYIN_URL = env.address("HUIYIN_URL", default=f"http://127.0.0.1:{PORT}")
HTTPS = HUIYIN_URL.startswith("https://")
HUIYIN_FONTS = env.path("HUIYIN_FONTS", default=HUIYIN_HOME / "fonts")  # for papers; may be absent
DEBUG = env.flag("HUIYIN_DEBUG")

# ── Secrets: from a key file that nobody else can read, or from the environment ───────────────────────────
HUIYIN_KEYS = keys.find(HUIYIN_HOME)
SECRET_KEY = HUIYIN_KEYS.secret_key

# ── Rooms, from the ground up (the floors are in .importlinter) ───────────────────────────────────────────
ROOMS = [
    "kernel", "ledger", "accounts", "organisation", "people", "deadlines", "cases",
    "search", "channels", "evaluation", "supervision", "analytics", "assessment", "workbooks", "publication", "web",
]  # fmt: skip
INSTALLED_APPS = [
    *[f"huiyin.{room}" for room in ROOMS],
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Requests ──────────────────────────────────────────────────────────────────────────────────────────────
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ALLOWED_HOSTS = [
    urlsplit(HUIYIN_URL).hostname or "127.0.0.1",
    "127.0.0.1",
    "localhost",
    "[::1]",
    *env.hosts("HUIYIN_HOSTS"),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "huiyin.web.policy.OnePolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "huiyin.web.notes.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "huiyin.accounts.second_factor.middleware",
    "huiyin.organisation.sitting.middleware",
    "axes.middleware.AxesMiddleware",
    "huiyin.web.look.VariesByLook",
    "huiyin.web.faults.RefusalPage",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "huiyin" / "web"],  # a page's template stands beside its view
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huiyin.web.look.look",
                "huiyin.web.navigation.ways",
            ],
        },
    },
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20  # of words
FILE_UPLOAD_HANDLERS = [
    "huiyin.web.uploading.Bounded",
    "huiyin.web.short_forms.ShortForms",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# How often the form for a matter may be sent in a quarter of an hour, mistakes counted too; 0 for no limit. A village,
# or a whole provider, may sit behind one address; the largest city takes in eight a second.
HUIYIN_SENDINGS_OF_ADDRESS = env.number("HUIYIN_SENDINGS_OF_ADDRESS", default=200)
HUIYIN_SENDINGS = env.number("HUIYIN_SENDINGS", default=9_000)
FILE_UPLOAD_PERMISSIONS = 0o600

# ── Database ──────────────────────────────────────────────────────────────────────────────────────────────
DATABASES = {"default": env.database("HUIYIN_DATABASE", home=HUIYIN_HOME)}
CACHES = {  # counts of failed tries must be the same in every process, so they live in the database
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "huiyin_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # beyond it entries are thrown out, and with them wrong tries
    },
}

# ── Signing in ────────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "huiyin.organisation.backends.Backend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/work/"  # and on to the first page of the role
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "huiyin.accounts.adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser: office computers are shared
ACCOUNT_FORMS = {
    "login": "huiyin.accounts.forms.SignIn",
    "change_password": "huiyin.accounts.forms.ChangePassword",
    "reauthenticate": "huiyin.accounts.forms.ConfirmPassword",
}
HUIYIN_SECOND_FACTOR = env.choice(
    "HUIYIN_SECOND_FACTOR",
    default="optional" if HUIYIN_DEMONSTRATION else "required",
    among=["required", "optional"],
)
MFA_ADAPTER = "huiyin.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "huiyin.accounts.forms.Code",
    "reauthenticate": "huiyin.accounts.forms.ConfirmCode",
    "activate_totp": "huiyin.accounts.forms.NewCode",
}
MFA_TOTP_TOLERANCE = 1  # one step of thirty seconds: telephones' clocks differ
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Huiyin"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "huiyin.web.faults.too_many"
AXES_VERBOSE = False

# ── Ways out: without one, a citizen follows a matter by number and code alone ─────────────────────────────
HUIYIN_MAIL = env.mail("HUIYIN_MAIL", default="folder" if HUIYIN_DEMONSTRATION else "none")
HUIYIN_SMS = env.gateway("HUIYIN_SMS", default="folder" if HUIYIN_DEMONSTRATION else "none")
HUIYIN_SMS_TOKEN = env.token("HUIYIN_SMS_TOKEN")
EMAIL_HOST, EMAIL_PORT = HUIYIN_MAIL["host"], HUIYIN_MAIL["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = HUIYIN_MAIL["user"], HUIYIN_MAIL["password"]
EMAIL_USE_TLS, EMAIL_USE_SSL = HUIYIN_MAIL["starttls"], HUIYIN_MAIL["ssl"]
DEFAULT_FROM_EMAIL = env.text("HUIYIN_MAIL_FROM", default=HUIYIN_MAIL["sender"] or "huiyin@localhost")
EMAIL_SENT_BY = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"

# ── What the browser is told ──────────────────────────────────────────────────────────────────────────────
SESSION_ENGINE = "huiyin.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS  # plain http only on 127.0.0.1
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [HUIYIN_URL]
CSRF_FAILURE_VIEW = "huiyin.web.faults.token_missing"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_SSL_REDIRECT = False  # the proxy in front does it, so that a health check may stay plain
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.flag("HUIYIN_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    MIDDLEWARE.insert(0, "config.proxy.ThroughProxy")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],  # blob: previews of photos that are not sent yet
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# ── Language and time: Chinese is the source language; UTC is stored ──────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# ── Files ─────────────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = HUIYIN_HOME / "attachments"  # never served as such: a view checks who may read
HUIYIN_FILE_BYTES = env.number("HUIYIN_FILE_BYTES", default=10 * 2**20, least=2**10, most=2**30)  # each file
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# ── Logs: to the terminal, without personal data ──────────────────────────────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "config.logs.Masked", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["terminal"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["terminal"], "level": "INFO", "propagate": False},
        "django.db.backends": {"level": "INFO"},  # never the statements: they carry values
        "axes": {"level": "ERROR"},  # its warnings name who failed to sign in, and from where
    },
}
