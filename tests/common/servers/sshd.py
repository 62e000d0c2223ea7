"""An sshd of its own for tests: a port, a host key and a user's key that nobody else has."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from tests.common.effort import PATIENCE
from tests.tui.driver.pseudo_terminal import Terminal

CONFIG = """
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PrintMotd no
PrintLastLog no
PermitRootLogin prohibit-password
"""
SEPARATION = Path("/run/sshd")
BECOME = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"


class NoSshd(Exception):
    """Why there is none on this machine."""


class Sshd:
    """Runs as the user who runs the tests, in the foreground; use as a context manager."""

    def __init__(self, folder: Path) -> None:
        """Start it and log in once.

        Raises:
            NoSshd: it is not installed, or it lets nobody in.
        """
        program = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/opt/homebrew/sbin")
        if program is None or shutil.which("ssh") is None:
            raise NoSshd("sshd or ssh is not installed (apt-get install openssh-server)")
        self._folder = folder
        for name in ("host", "user"):
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(command, check=True)
        (folder / "config").write_text(CONFIG.format(folder=folder))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        if os.geteuid() == 0:  # it wants it when root starts it; a service manager makes it else
            SEPARATION.mkdir(mode=0o755, exist_ok=True)
        self._log = (folder / "log").open("wb")
        command = [program, "-D", "-e", "-f", str(folder / "config"), "-p", str(self._port)]
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log)
        try:
            self._log_in_once()
        except NoSshd:
            self.stop()
            raise

    def _log_in_once(self) -> None:
        until = time.monotonic() + PATIENCE
        while self._process.poll() is None and time.monotonic() < until:
            done = subprocess.run([*self._ssh(), "true"], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return
            if "refused" not in done.stderr:
                break
            time.sleep(0.05)
        raise NoSshd(f"sshd lets nobody in: {(self._folder / 'log').read_text()[-500:]}")

    def _ssh(self, *options: str) -> list[str]:
        given = {
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null",
            "IdentitiesOnly": "yes",
            "BatchMode": "yes",
            "LogLevel": "ERROR",
        }
        settings = [word for name, value in given.items() for word in ("-o", f"{name}={value}")]
        key, port = str(self._folder / "user"), str(self._port)
        user = getpass.getuser()
        return ["ssh", "-F", "none", *settings, "-i", key, "-p", port, *options, f"{user}@127.0.0.1"]

    def terminal(self, command: str, size: tuple[int, int] = (100, 30)) -> Terminal:
        """Log in on a terminal and run a command there."""
        return Terminal("-c", BECOME, *self._ssh("-tt"), command, size=size)

    def stop(self) -> None:
        """End it; sessions that are open stay."""
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._log.close()


def shell_command(words: list[str], environment: Mapping[str, str], folder: Path, pid_file: Path) -> str:
    """Return a line for a login's shell: a program in a folder, whose process id is written down first."""
    variables = [f"{name}={value}" for name, value in environment.items()]
    program = shlex.join(["env", *variables, *words])
    return f"cd {shlex.quote(str(folder))} && echo $$ > {shlex.quote(str(pid_file))} && exec {program}"
