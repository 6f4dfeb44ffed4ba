"""The role that an installation works with cannot empty a table."""

import re

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from tests.server import ROOT

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def test_the_working_role_writes_rows_but_cannot_truncate_or_alter() -> None:
    sql = (ROOT / "deploy" / "postgres-roles.sql").read_text()
    sql = re.sub(r":'\w+'", "'x'", sql).replace("ops_", "ops_of_a_test_")  # roles are of the whole cluster; rolled back
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET LOCAL ROLE ops_of_a_test_owner")
        cursor.execute("CREATE TABLE kept (id serial, words text)")
        cursor.execute("SET LOCAL ROLE ops_of_a_test_app")
        cursor.execute("INSERT INTO kept (words) VALUES ('x')")
        for refused in ("TRUNCATE kept", "ALTER TABLE kept DISABLE TRIGGER ALL", "DROP TABLE kept"):
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
                cursor.execute(refused)
        cursor.execute("RESET ROLE")
