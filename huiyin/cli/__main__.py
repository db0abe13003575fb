"""python -m huiyin.cli"""

import sys

from huiyin.cli.frame import main

sys.exit(main())
