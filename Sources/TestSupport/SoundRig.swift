internal import Glibc

/// A private sound server with nothing behind it: sound is paced by a clock as on hardware, and
/// what was heard can be recorded.
///
/// It is a PulseAudio daemon of its own with a null sink, which neither knows nor disturbs the
/// user's. It needs Debian's `pulseaudio`, `pulseaudio-utils` and `libasound2-plugins`, no sound
/// card and no session, and runs as root. However the test process ends, the daemon ends too.
public final class SoundRig: Sendable {
  /// Why there can be no rig on this machine, as one sentence; `nil` if there can.
  public static let absence: String? = {
    for program in ["pulseaudio", "parec"] where RigProcess.find(program) == nil {
      return "\(program) is not installed (sudo apt install pulseaudio pulseaudio-utils)."
    }
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"]
    let plugin = "alsa-lib/libasound_module_pcm_pulse.so"
    guard folders.contains(where: { access("\($0)/\(plugin)", R_OK) == 0 }) else {
      return "ALSA's pulse plugin is not installed (sudo apt install libasound2-plugins)."
    }
    return nil
  }()

  /// The folder with the rig's socket and files; removed by ``stop()``.
  public let folder: String
  private let daemon: RigProcess

  /// Why a rig did not start.
  public struct Failure: Error, CustomStringConvertible {
    /// The reason, as one sentence.
    public var description: String
  }

  /// Starts a daemon and waits until it answers.
  ///
  /// - Parameter folder: the folder of a rig whose daemon was killed, to come back under the same
  ///   address; `nil` for a new one.
  public init(folder: String? = nil) throws {
    if let absence = Self.absence { throw Failure(description: absence) }
    let folder = try folder ?? makeTemporaryFolder("undertone-sound")
    self.folder = folder
    unlink("\(folder)/socket")
    // With rewinds the sink replaces silence it has handed to its monitor already, and the first
    // milliseconds of a sound are heard but not recorded.
    try write(
      """
      .fail
      load-module module-null-sink sink_name=rig rate=48000 channels=2 format=float32le norewinds=true
      load-module module-native-protocol-unix socket=\(folder)/socket auth-anonymous=1
      """ + "\n", to: "\(folder)/script")
    try write(
      alsaConfiguration(default: .server("unix:\(folder)/socket")), to: "\(folder)/asound.conf")
    daemon = try RigProcess(
      [
        "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
        "--log-target=file:\(folder)/log", "-F", "\(folder)/script",
      ],
      environment: [
        "XDG_RUNTIME_DIR=\(folder)", "HOME=\(folder)", "PULSE_RUNTIME_PATH=\(folder)/runtime",
        "PATH=/usr/bin:/bin", "DBUS_SESSION_BUS_ADDRESS=disabled:",
      ])
    let socket = "\(folder)/socket"
    guard waitUntil(seconds: 20, { access(socket, W_OK) == 0 }) else {
      daemon.end()
      throw Failure(description: "pulseaudio did not make \(socket) within 20 s.")
    }
  }

  /// The socket, as PulseAudio's clients want it.
  public var server: String { "unix:\(folder)/socket" }

  /// An ALSA device that plays through the rig, for a process that uses ``useRigConfiguration()``.
  public var device: String { "rig:SERVER='\(server)'" }

  /// A configuration in which the default device plays through the rig, for a child process's
  /// `ALSA_CONFIG_PATH`.
  public var alsaConfigPath: String { "\(folder)/asound.conf" }

  /// Lets the daemon vanish as if its machine had lost power.
  ///
  /// ``stop()`` still cleans up.
  public func kill() { daemon.end() }

  /// Ends the daemon and removes its files.
  public func stop() {
    daemon.end()
    removeFolder(folder)
  }

  /// Starts to record what is heard, as mono floats at 48 kHz, and waits until it does.
  public func record() throws -> Recording {
    let path = "\(folder)/recording-\(monotonicSeconds())"
    let process = try RigProcess(
      [
        "parec", "--server=\(server)", "--device=rig.monitor", "--format=float32le",
        "--rate=48000", "--channels=1", "--latency-msec=10", "--raw", path,
      ],
      environment: ["HOME=\(folder)", "XDG_RUNTIME_DIR=\(folder)", "PATH=/usr/bin:/bin"])
    guard waitUntil(seconds: 20, { fileSize(path) > 0 }) else {
      process.end()
      throw Failure(description: "parec recorded nothing within 20 s.")
    }
    return Recording(path: path, process: process)
  }

  /// A recording under way.
  public struct Recording: Sendable {
    /// The file it is written to.
    public let path: String
    fileprivate let process: RigProcess

    /// Ends the recording once it holds nothing but silence for a moment, and returns it.
    public func finish() -> [Float] {
      _ = waitUntil(seconds: 10) {
        let tail = readFloats(path).suffix(12_000)
        return tail.count == 12_000 && tail.allSatisfy { abs($0) < 1e-4 }
      }
      process.end()
      return readFloats(path)
    }
  }
}

/// An ALSA device that writes exactly the bytes it is given to a file and is always ready for more,
/// for a process that uses ``useRigConfiguration()``.
public func captureDevice(file: String) -> String { "capture:FILE='\(file)'" }

/// Makes alsa-lib in this process read the rig's configuration, where ``SoundRig/device`` and
/// ``captureDevice(file:)`` are defined, and the default device is missing.
///
/// Done once, before any sound is opened: other threads may be reading the environment later.
public func useRigConfiguration() { _ = rigConfiguration }

private let alsaFolder = try? makeTemporaryFolder("undertone-alsa")

private let rigConfiguration: Void = {
  guard let folder = alsaFolder else { return }
  let path = "\(folder)/asound.conf"
  guard (try? write(alsaConfiguration(default: .missing), to: path)) != nil else { return }
  setenv("ALSA_CONFIG_PATH", path, 1)
  atexit { if let alsaFolder { removeFolder(alsaFolder) } }
}()

private enum DefaultDevice {
  case server(String)
  case missing
}

private func alsaConfiguration(default device: DefaultDevice) -> String {
  let standard =
    switch device {
    case .server(let server): "pcm.!default { type pulse server \"\(server)\" }"
    case .missing: "pcm.!default { type hw card 31 }"
    }
  return """
    </usr/share/alsa/alsa.conf>
    \(standard)
    pcm.rig {
      @args [ SERVER ]
      @args.SERVER { type string }
      type pulse
      server $SERVER
    }
    pcm.capture {
      @args [ FILE ]
      @args.FILE { type string }
      type file
      slave.pcm "null"
      file $FILE
      format "raw"
    }

    """
}
