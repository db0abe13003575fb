"""What each process of the web server runs under `huiyin serve`: the application, for as long as its master lives.

Were the master and the supervisor killed in the same moment, a process left over would go on serving the old program
and hold the port, so that nothing could be started in its place.
"""

from config.wsgi import application
from huiyin.cli.supervisor import end_with_parent

__all__ = ["application"]

end_with_parent()
