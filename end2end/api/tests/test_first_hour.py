"""The commands of docs/api.md, typed as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

from client import Client
from making import required

PAGE = Path(__file__).parents[3] / "docs" / "api.md"


def commands() -> str:
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert len(blocks) > 3
    return "\n".join(blocks)


def test_a_newcomer_gets_from_a_token_to_an_invited_person(empty_realm: Client, tmp_path: Path) -> None:
    keyroll = tmp_path / "keyroll"
    program, settings = shlex.quote(required("KEYROLL_BIN")), os.environ.get("KEYROLL_ARGS", "")
    keyroll.write_text(f'#!/bin/sh\nexec {program} "$@" {settings}\n')
    keyroll.chmod(0o755)
    # Nobody's settings but those of the installation.
    around = {name: value for name, value in os.environ.items() if not name.startswith("KEYROLL_")}
    around |= {"PATH": f"{tmp_path}:{around['PATH']}"}
    # The one thing that is not as it stands there: in a realm where nobody is yet.
    typed = commands().replace("http://localhost:3000", required("KEYROLL_API"))
    typed = typed.replace("\nR=", f"\nREALM={empty_realm.realm}\nR=")
    ended = subprocess.run(
        ["sh", "-euc", typed], check=False, env=around, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    said = ended.stdout.split()
    (link,) = [word for word in said if ":invokeAuthenticator?token=" in word]
    followed = empty_realm.using(None).call("GET", link.removeprefix(required("KEYROLL_API")))
    assert followed.status_code == 302
    assert said[said.index(link) + 1 :] == ["LINK_SENT", "1"]
    (zoe,) = empty_realm.identities()
    assert (zoe["display_name"], zoe["traits"]["username"]) == ("Zoë Ångström", "zoe")
    (group,) = empty_realm.groups()
    assert [member["id"] for member in empty_realm.members(group["id"])] == [zoe["id"]]
