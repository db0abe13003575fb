"""The people whom a profile enters (in the demo: invented ones); nobody gets a password by it."""

from huiyin.accounts.models import User
from huiyin.kernel.loads import Load
from huiyin.kernel.profiles import Outcome
from huiyin.kernel.tables import Row, each


def load_users(rows: list[Row], *, into: Load) -> None:
    """Bring users.csv in: username, name, phone. Raises BadTable, naming every bad row."""
    shaped = each(rows, lambda row: (row, row.code("username", most=150), _values(row)))
    for row, username, values in shaped:
        user = into.bring("users", row, User, key={"username": username}, values=values)
        if user is not None and into.loaded[-1].outcome is Outcome.INSERTED:
            user.set_unusable_password()
            user.save(update_fields=["password"])


def _values(row: Row) -> dict[str, str]:
    return {"name": row.text("name", most=60), "phone": row.optional("phone", most=30)}
