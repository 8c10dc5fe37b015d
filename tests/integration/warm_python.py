# Copyright: Contributors to the friendsofansible.sagemaker collection
# SPDX-License-Identifier: GPL-3.0-or-later
"""Python that has imported boto3 already: a process that has, and knows nothing of Ansible, forks for each module.

Ansible starts a small program as the interpreter and gives it the module, as always. The program passes its files,
environment, folder and arguments on, and ends with the exit code. What Python compiles from the archive that Ansible
makes of a module is kept, as Python itself does for what is not in an archive.
"""

from __future__ import annotations

import _imp
import contextlib
import functools
import gc
import hashlib
import importlib
import json
import marshal
import os
import signal
import socket
import sys
import types
import typing as t
import zipimport
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("sagemaker", "cloudwatch", "application-autoscaling", "resourcegroupstaggingapi")
_INTERPRETER = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as warm:
    warm.connect({address!r})
    socket.send_fds(warm, [b"0"], (0, 1, 2))
    warm.sendall(json.dumps([dict(os.environ), os.getcwd(), sys.argv[1:]]).encode())
    warm.shutdown(socket.SHUT_WR)
    code = warm.recv(1)
os._exit(code[0] if code else 1)
"""


def start(folder: Path) -> tuple[Path, int]:
    """The interpreter, which is written to the folder, and the process that forks, which ends when it is terminated."""
    boto3, session = importlib.import_module("boto3"), t.cast("t.Any", importlib.import_module("botocore.session"))
    session.create_loader = functools.cache(session.create_loader)
    for service in SERVICES:
        # Making a client imports what calls need, and reads what botocore knows of the service.
        boto3.client(service, region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(folder / "socket"))
    server.listen(100)
    interpreter = folder / "python"
    interpreter.write_text(_INTERPRETER.format(python=sys.executable, address=str(folder / "socket")))
    interpreter.chmod(0o700)
    if process := os.fork():
        server.close()
        return interpreter, process
    keep_what_is_compiled(folder / "compiled")
    gc.freeze()
    signal.signal(signal.SIGCHLD, lambda *_signal: _bury())
    while True:
        connection, _address = server.accept()
        if not os.fork():
            _run(connection)
        connection.close()


def keep_what_is_compiled(folder: Path) -> None:
    """Lets imports from archives take it from the folder, by the source."""
    folder.mkdir()
    importing: t.Any = zipimport
    compiled = importing._compile_source

    @functools.cache
    def kept(path: str, source: bytes) -> types.CodeType:
        file = folder / hashlib.sha256(source).hexdigest()
        if file.exists():
            code: types.CodeType = marshal.loads(file.read_bytes())
            t.cast("t.Any", _imp)._fix_co_filename(code, path)
            return code
        code = compiled(path, source)
        new = file.with_suffix(f".{os.getpid()}")
        new.write_bytes(marshal.dumps(code))
        new.replace(file)
        return code

    importing._compile_source = kept


def _bury() -> None:
    """Takes note of the processes that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _run(connection: socket.socket) -> t.NoReturn:
    """What Python does with a program on standard input, or in the file that the arguments name."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _byte, files, _flags, _address = socket.recv_fds(connection, 1, 3)
    environment, folder, arguments = json.loads(b"".join(iter(lambda: connection.recv(1 << 16), b"")))
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = arguments or [""]
    # A module finds its own parts in what Ansible sends it.
    sys.path[:] = [each for each in sys.path if each != str(ROOT)]
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    code: object = 1
    try:
        program = Path(arguments[0]).read_bytes() if arguments else sys.stdin.buffer.read()
        if arguments:
            main.__file__ = arguments[0]
        exec(compile(program, arguments[0] if arguments else "<stdin>", "exec"), vars(main))
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        connection.send(bytes([code if isinstance(code, int) else 1]))
        os._exit(0)
