"""The server's entry."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# A page makes thousands of objects and leaves hardly any behind: looking for rings among them after every seven
# hundred, and through all that the program has loaded every now and then, was a fifteenth of the desk's list.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
