"""Tests the API of a server that it starts, on SQLite and on PostgreSQL: see scripts/api-test, which calls it.

    run.py REPORT [PYTEST ARGUMENTS…]

REPORT is where the JUnit XML of everything goes. With arguments for pytest only pytest runs.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE / "tests")]
from making import REALM_SCOPES, SCOPES  # noqa: E402

#: For how long starting and stopping may take on a busy machine, in seconds.
PATIENCE = 30.0
#: A run of schemathesis that has not ended by then hangs.
FUZZING_ENDS = 900.0


def required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        sys.exit(f"{name} is not set: run scripts/api-test")
    return value


def environment() -> dict[str, str]:
    """Nobody's settings but those on the command line."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KEYROLL_")}


@dataclass(frozen=True)
class Installation:
    """A server that runs, with a database of its own."""

    program: str
    folder: Path
    port: int
    database_url: str | None

    @property
    def api(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def settings(self) -> list[str]:
        database = [] if self.database_url is None else ["--database-url", self.database_url]
        return ["--public-url", self.api, "--data", str(self.folder / "data"), *database]

    def command(self, *args: str) -> dict[str, str]:
        """What somebody types on the machine itself, and what it prints."""
        command = [self.program, *args, *self.settings]
        ended = subprocess.run(
            command, check=False, env=environment(), capture_output=True, text=True, timeout=PATIENCE
        )
        if ended.returncode != 0:
            raise RuntimeError(f"{shlex.join(command)}: {ended.stderr.strip()}")
        printed: dict[str, str] = json.loads(ended.stdout)
        return printed

    def variables(self) -> dict[str, str]:
        """How the tests find it."""
        made = self.command("token", "create", "api-test", "--scopes", " ".join(SCOPES))
        client = self.command("application", "secret", "--scopes", " ".join(REALM_SCOPES))
        playwright = HERE.parent / "node_modules" / ".bin" / "playwright"
        return {
            "KEYROLL_API": self.api,
            "KEYROLL_TENANT": made["tenant_id"],
            "KEYROLL_REALM": made["realm_id"],
            "KEYROLL_TOKEN": made["token"],
            "KEYROLL_APPLICATION": client["application_id"],
            "KEYROLL_CLIENT_ID": client["client_id"],
            "KEYROLL_CLIENT_SECRET": client["client_secret"],
            "KEYROLL_BIN": self.program,
            "KEYROLL_ARGS": shlex.join(self.settings),
            "KEYROLL_ENROLL": shlex.join([str(playwright), "test", "--config", str(HERE / "enroll.config.ts")]),
        }


# --- starting and stopping


@contextmanager
def installed(database: str) -> Iterator[Installation]:
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="keyroll-api."))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = stack.enter_context(postgres_database()) if database == "postgres" else None
        installation = Installation(required("KEYROLL_BIN"), folder, free_port(), url)
        stack.enter_context(served(installation))
        yield installation


@contextmanager
def served(installation: Installation) -> Iterator[None]:
    listen = ["--listen", f"127.0.0.1:{installation.port}", "--site", required("KEYROLL_SITE"), "--api-rate", "150"]
    log = installation.folder / "log"
    with log.open("wb") as words:
        command = [installation.program, "serve", *listen, *installation.settings]
        server = subprocess.Popen(
            command, env=environment(), stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT
        )
    try:
        wait_until_ready(installation, server)
        yield
        if server.poll() is not None:
            raise RuntimeError(f"the server ended by itself, with {server.returncode}")
    except Exception:
        sys.stderr.write(log.read_text(errors="replace")[-4000:])
        raise
    finally:
        stop(server)


def wait_until_ready(installation: Installation, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{installation.port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            pass
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode} instead of being ready")
        if time.monotonic() > end:
            raise RuntimeError("the server took too long to be ready")
        time.sleep(0.05)


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@contextmanager
def postgres_database() -> Iterator[str]:
    server = required("KEYROLL_TEST_POSTGRES_URL")
    name = f"api_{os.getpid()}"
    psql(server, f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        psql(server, f"DROP DATABASE {name} WITH (FORCE)")


def psql(url: str, statement: str) -> str:
    command = ["psql", "-qtAX", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


# --- tests


def pytest(report: Path, variables: dict[str, str], args: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *args]
    return subprocess.run(command, check=False, cwd=HERE, env={**os.environ, **variables}).returncode


def schemathesis(report: Path, variables: dict[str, str]) -> int:
    """Everything that the description of the API promises, tried with generated requests."""
    program = Path(sys.executable).with_name("schemathesis")
    api = variables["KEYROLL_API"]
    options = ["--url", api, "--header", f"Authorization: Bearer {variables['KEYROLL_TOKEN']}"]
    options += ["--generation-deterministic"]
    options += ["--max-examples", "25", "--rate-limit", "auto", "--request-timeout", "30", "--continue-on-failure"]
    options += ["--report", "junit", "--report-junit-path", str(report), "--no-color"]
    config = ["--config-file", str(HERE / "schemathesis.toml")]
    command = [str(program), *config, "run", f"{api}/v1/openapi.json", *options]
    # Whatever it wants to remember stays with the report.
    try:
        ended = subprocess.run(
            command, check=False, cwd=report.parent, env={**os.environ, **variables}, timeout=FUZZING_ENDS
        )
    except subprocess.TimeoutExpired:
        print(f"schemathesis did not end within {FUZZING_ENDS:.0f} s", file=sys.stderr)
        return 1
    return ended.returncode


def merge(reports: dict[str, Path], target: Path) -> None:
    """One report of several, with the counts where nextest writes them. What was skipped is no test."""
    merged = ElementTree.Element("testsuites", name="api")
    counts = dict.fromkeys(["tests", "failures", "errors"], 0)
    for name, report in reports.items():
        if not report.exists():
            continue
        suite = ElementTree.SubElement(merged, "testsuite", name=name)
        for case in ElementTree.parse(report).iter("testcase"):
            if case.find("skipped") is not None:
                continue
            own = " ".join(filter(None, [case.get("classname"), case.get("name")]))
            # The name comes first, as where nextest writes it.
            copy = ElementTree.SubElement(suite, "testcase", name=f"{name}: {own}", time=case.get("time", "0"))
            copy.extend(case.findall("failure") + case.findall("error"))
            counts["tests"] += 1
            counts["failures"] += case.find("failure") is not None
            counts["errors"] += case.find("failure") is None and case.find("error") is not None
            if not len(copy):
                copy.text = ""
    for name, count in counts.items():
        merged.set(name, str(count))
    ElementTree.ElementTree(merged).write(target, encoding="utf-8", xml_declaration=True)


def run(folder: Path, database: str, args: list[str]) -> tuple[dict[str, Path], bool]:
    """The reports there are, and whether all went well."""
    reports = {f"{program}, {database}": folder / f"{program}-{database}.xml" for program in ("pytest", "schemathesis")}
    of_pytest, of_schemathesis = reports.values()
    try:
        with installed(database) as installation:
            variables = installation.variables()
            print(f"\n--- pytest, {database}", flush=True)
            good = pytest(of_pytest, variables, args) == 0
            if not args:
                print(f"\n--- schemathesis, {database}", flush=True)
                good = schemathesis(of_schemathesis, variables) == 0 and good
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        print(f"{database}: {error}", file=sys.stderr)
        good = False
    return reports, good


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit("usage: run.py REPORT [PYTEST ARGUMENTS…]")
    # Also when this is told to end, what it started ends first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    target = Path(sys.argv[1]).resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    reports: dict[str, Path] = {}
    well = True
    with tempfile.TemporaryDirectory(prefix="keyroll-api-reports.") as folder:
        for database in ("sqlite", "postgres"):
            more, good = run(Path(folder), database, sys.argv[2:])
            reports |= more
            well = well and good
        merge(reports, target)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
