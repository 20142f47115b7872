"""The annotator on a terminal of its own, driven key by key, for bench.py.

The program writes what happened and when to UNDERTONE_TRACE, a pipe here: a line an event, what and
microseconds of CLOCK_MONOTONIC, which is Python's time.monotonic_ns() too. One `select` waits for
the trace and the screen; nothing looks again and again, so that the bench takes no time from what
it measures.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

PATIENCE = 30.0  # s, for anything a key should do
COLUMNS, LINES = 120, 40


class Failure(Exception):
    """Why something could not be measured, as a sentence for the person at the terminal."""


def microseconds():
    return time.monotonic_ns() / 1000


class Annotator:
    """One run of the program.

    `events` holds what the trace told so far, as (what, microseconds); `screen` the last bytes
    that were drawn.
    """

    def __init__(self, arguments, environment, folder):
        self.events = []
        self.screen = b""
        self.partial = b""
        path = os.path.join(folder, "trace")
        if os.path.exists(path):
            os.unlink(path)
        os.mkfifo(path, 0o600)
        self.trace = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        # Otherwise the pipe would end with each writer.
        self.keeper = os.open(path, os.O_WRONLY)
        self.size = struct.pack("HHHH", LINES, COLUMNS, 0, 0)
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            self.become(arguments, environment | {"UNDERTONE_TRACE": path})

    def become(self, arguments, environment):
        """In the child: turns into the program, with the time in the trace just before."""
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, self.size)
            os.write(self.keeper, b"exec %d\n" % (time.monotonic_ns() // 1000))
            os.execve(arguments[0], arguments, environment)
        except OSError as error:
            os.write(2, f"{arguments[0]}: {error.strerror}\n".encode())
        os._exit(127)

    def press(self, key):
        """Presses a key; returns when that was, in microseconds, and how many events were before."""
        self.listen(0)
        place = len(self.events)
        when = microseconds()
        os.write(self.terminal, key.encode())
        return when, place

    def after(self, place, *names):
        """Waits until the events of these names have followed one another; when the last was."""
        deadline = time.monotonic() + PATIENCE
        for name in names:
            while (found := self.find(name, place)) is None:
                if not self.listen(deadline - time.monotonic()):
                    raise Failure(
                        f"The annotator did not come to “{name}” within {PATIENCE:.0f} s after "
                        f"{[what for what, _ in self.events[-5:]]}. It last drew:\n{self.shown()}")
            place = found + 1
        return self.events[found][1]

    def find(self, name, place):
        for number in range(place, len(self.events)):
            if self.events[number][0] == name:
                return number
        return None

    def rest(self, seconds):
        """Lets time pass, as between two keys of a person."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.listen(left)

    def listen(self, seconds):
        """Reads what there is, or waits that long for it; whether there was anything."""
        ready, _, _ = select.select([self.trace, self.terminal], [], [], max(seconds, 0))
        if self.trace in ready:
            *lines, self.partial = (self.partial + os.read(self.trace, 1 << 16)).split(b"\n")
            for line in lines:
                what, when = line.decode().split()
                self.events.append((what, int(when)))
        if self.terminal in ready:
            try:
                self.screen = (self.screen + os.read(self.terminal, 1 << 16))[-8192:]
            except OSError:  # its other end is closed
                raise Failure(f"The annotator ended. It last drew:\n{self.shown()}") from None
        return bool(ready)

    def shown(self):
        return self.screen[-2000:].decode(errors="replace").replace("\x1b", "␛")

    def quit(self):
        """Quits by its key and waits for the end."""
        os.write(self.terminal, b"q")
        deadline = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < deadline:
                self.listen(0.2)
        except Failure:
            pass
        self.end()

    def end(self):
        """Ends the program, however it is."""
        if self.process:
            if os.waitpid(self.process, os.WNOHANG) == (0, 0):
                time.sleep(0.2)
                if os.waitpid(self.process, os.WNOHANG) == (0, 0):
                    os.kill(self.process, signal.SIGKILL)
                    os.waitpid(self.process, 0)
            self.process = 0
            for descriptor in (self.trace, self.keeper, self.terminal):
                os.close(descriptor)

    # What the system knows of it.

    def memory(self):
        """Peak resident size, proportional size and private size, in MB of 10^6 bytes."""
        def field(file, name):
            with open(f"/proc/{self.process}/{file}") as lines:
                for line in lines:
                    if line.startswith(name + ":"):
                        return int(line.split()[1]) * 1024 / 1e6
            raise Failure(f"/proc/{self.process}/{file} does not tell {name}.")

        return {
            "peak": field("status", "VmHWM"),
            "Pss": field("smaps_rollup", "Pss"),
            "private": field("status", "RssAnon"),
        }

    def work(self):
        """Nanoseconds of processor time of all its threads, and how often they went to sleep."""
        nanoseconds = wakings = 0
        for task in os.listdir(f"/proc/{self.process}/task"):
            folder = f"/proc/{self.process}/task/{task}"
            with open(f"{folder}/schedstat") as file:
                nanoseconds += int(file.read().split()[0])
            with open(f"{folder}/status") as lines:
                for line in lines:
                    if line.startswith("voluntary_ctxt_switches"):
                        wakings += int(line.split()[1])
        return nanoseconds, wakings
