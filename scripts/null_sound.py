"""A private place for sound to go, for bench.py: no sound card, nothing of the user's disturbed."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

PLUGINS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"]


class NullSound:
    """ALSA's default device for a child process: `alsa_config` is for its ALSA_CONFIG_PATH.

    A PulseAudio daemon of its own with a null sink, which takes sound at the pace of a clock as
    hardware does; where that is not installed, ALSA's null device, which takes it at once.
    """

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="undertone-sound-")
        self.alsa_config = os.path.join(self.folder, "asound.conf")
        self.daemon = None
        plugin = any(
            os.path.exists(f"{folder}/alsa-lib/libasound_module_pcm_pulse.so") for folder in PLUGINS)
        if plugin and shutil.which("pulseaudio") and self.start():
            self.name = "a private PulseAudio null sink, through ALSA's pulse device"
            device = f'type pulse server "unix:{self.folder}/socket"'
        else:
            self.name = "ALSA's null device (sudo apt install pulseaudio libasound2-plugins: as real)"
            device = "type null"
        pathlib.Path(self.alsa_config).write_text(
            f"</usr/share/alsa/alsa.conf>\npcm.!default {{ {device} }}\n")

    def start(self):
        script = os.path.join(self.folder, "script")
        socket = os.path.join(self.folder, "socket")
        pathlib.Path(script).write_text(
            ".fail\n"
            "load-module module-null-sink sink_name=bench rate=48000 channels=2 format=float32le\n"
            f"load-module module-native-protocol-unix socket={socket} auth-anonymous=1\n")
        self.daemon = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
             f"--log-target=file:{self.folder}/log", "-F", script],
            env={"XDG_RUNTIME_DIR": self.folder, "HOME": self.folder, "PATH": "/usr/bin:/bin",
                 "PULSE_RUNTIME_PATH": f"{self.folder}/runtime",
                 "DBUS_SESSION_BUS_ADDRESS": "disabled:"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.daemon.poll() is None:
            if os.access(socket, os.W_OK):
                return True
            time.sleep(0.05)
        self.stop_daemon()
        return False

    def stop_daemon(self):
        if self.daemon:
            self.daemon.kill()
            self.daemon.wait()
            self.daemon = None

    def stop(self):
        self.stop_daemon()
        shutil.rmtree(self.folder, ignore_errors=True)
