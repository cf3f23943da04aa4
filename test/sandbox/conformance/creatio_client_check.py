"""Drives the unmodified creatio-api-py against a running sandbox, whose ready line is the only argument."""

import json
import os
import sys
import uuid
from pathlib import Path

import requests
from cryptography.fernet import Fernet

os.environ["SESSIONS_ENCRYPTION_KEY"] = Fernet.generate_key().decode()

from creatio_api_py import CreatioODataAPI  # noqa: E402  (it reads the key when it is made)

failed = []


def check(name, actual, expected):
    """Prints one checked thing and remembers a failure."""
    good = actual == expected
    print(f"{'ok  ' if good else 'FAIL'} {name}" + ("" if good else f": {actual!r} is not {expected!r}"))
    if not good:
        failed.append(name)


def status_of(call):
    """The HTTP status of a call, whether the client returns it or raises it."""
    try:
        return call().status_code
    except requests.exceptions.HTTPError as error:
        return error.response.status_code


def refusal_of(call):
    try:
        call()
    except ValueError as error:
        return str(error)
    return "no refusal"


def main(ready):
    base_url = ready["creatio"] + "/"
    pending = "c97db3bc-634d-4c90-8432-ec7141c87640"
    api = CreatioODataAPI(base_url=base_url, cookies_file=Path("sessions.bin"))

    check("a read before sign-in is a 401", status_of(lambda: api.get_collection_data("Order", top=1)), 401)
    check("a wrong password is refused with its message",
          "Invalid username or password" in refusal_of(lambda: api.authenticate("Supervisor", "wrong")), True)
    login = api.authenticate("Supervisor", "sandbox-password")
    check("sign-in is a 200 with Code 0", (login.status_code, login.json()["Code"]), (200, 0))
    check("the session's cookies are kept", {"BPMCSRF", ".ASPXAUTH", "BPMLOADER", "UserName"} <= set(api.session_cookies), True)
    second = CreatioODataAPI(base_url=base_url, cookies_file=Path("sessions.bin"))
    second.authenticate("Supervisor", "sandbox-password")
    check("a stored session is used again", second.get_collection_data("Order", only_count=True).text, "120")

    check("$count alone", api.get_collection_data("Order", only_count=True).text, "120")
    page = api.get_collection_data("Order", select=["Number", "Amount"], order_by="Number desc", skip=1, top=2, count=True).json()
    check("$count beside a page", page["@odata.count"], 120)
    check("$select, $orderby, $skip and $top", [list(row) for row in page["value"]], [["Number", "Amount"]] * 2)
    check("descending order", page["value"][0]["Number"] > page["value"][1]["Number"], True)
    rows = api.get_collection_data("BGQuickBooksIntegrationLogDetail", filter=f"BGStatus/Id eq {pending}",
                                   expand=["BGStatus($select=Name)", "BGType"], top=3, select="Id,BGRecordId").json()["value"]
    check("a filter through a lookup", [row["BGStatus"]["Name"] for row in rows], ["Pending"] * 3)
    record = api.get_collection_data("Account", record_id=api.get_collection_data("Account", top=1).json()["value"][0]["Id"]).json()
    check("one record by id", record["Name"] != "", True)
    check("one property's value", api.get_collection_data("Account", record_id=record["Id"], value="Name").text, record["Name"])
    quoted = record["Name"].replace("'", "''")
    check("an apostrophe, an accent or an ampersand in a filter",
          api.get_collection_data("Account", filter=f"Name eq '{quoted}'").json()["value"][0]["Id"], record["Id"])
    check("a missing key is a 404", status_of(lambda: api.get_collection_data("Account", record_id=str(uuid.uuid4()))), 404)
    check("$metadata is XML", api.get_collection_data("$metadata").text.startswith("<?xml"), True)

    given = str(uuid.uuid4())
    made = api.add_collection_data("Contact", data={"Id": given, "Name": "Zoë O'Client"})
    check("a new record is a 201 with the id that was given", (made.status_code, made.json()["Id"]), (201, given))
    changed = api.modify_collection_data("Contact", record_id=given, data=json.dumps({"Name": "Changed"}))
    check("a change is a 204", changed.status_code, 204)
    check("the change is there", api.get_collection_data("Contact", record_id=given, select="Name").json()["Name"], "Changed")
    check("an unknown property is a 400", status_of(lambda: api.add_collection_data("Contact", data={"Nmae": "x"})), 400)
    check("a deletion is a 204", api.delete_collection_data("Contact", given).status_code, 204)
    check("the record is gone", status_of(lambda: api.get_collection_data("Contact", record_id=given)), 404)
    print("all held" if not failed else f"{len(failed)} failed")
    return 1 if failed else 0


sys.exit(main(json.loads(sys.argv[1])))
